"""One function a figure, one house style; every chart brings its caption and alt text."""
