"""Results to what people read and download: pages, the site, files, and editions side by side."""
