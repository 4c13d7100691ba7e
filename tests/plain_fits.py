"""Fits written out in a few lines of numpy, as a reference for the library."""

import math

import numpy as np


def percent(log):
    """Return a change in percent from one in logarithms."""
    return 100 * (math.exp(log) - 1)


def line(n):
    """Return the design of a line over n years."""
    return np.column_stack([np.ones(n), np.arange(float(n))])


def poisson_fit(x, y, offset=0.0):
    """Fit log mu = x b + offset by reweighted least squares; return b, the information, phi and residuals."""
    b = np.linalg.lstsq(x, np.log(np.maximum(y, 0.5)) - offset, rcond=None)[0]
    for _ in range(50):
        mu = np.exp(x @ b + offset)
        b = np.linalg.solve(x.T @ (mu[:, None] * x), x.T @ (mu * (x @ b) + y - mu))
    mu = np.exp(x @ b + offset)
    residuals = (y - mu) / np.sqrt(mu)
    return b, x.T @ (mu[:, None] * x), float(residuals @ residuals) / (len(y) - x.shape[1]), residuals
