"""The same cases on every machine, and no clock: these tests run inside Pyodide, too."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "attention",
    deadline=None,
    max_examples=50,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("attention")
