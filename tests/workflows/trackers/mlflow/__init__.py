"""A stand-in for MLflow, as far as it is used."""

import os
import sys
import time
from types import SimpleNamespace

from told import calls, tell


class MlflowClient:
    def __init__(self, tracking_uri):
        fault = os.environ.get("FAULT")
        if fault == "lacks":
            import a_package_that_is_not_there  # noqa: F401
        if fault == "dies":
            sys.stderr.close()
            os._exit(3)
        if fault == "hangs":
            time.sleep(60)
        tell("client", uri=tracking_uri, telemetry=os.environ.get("MLFLOW_DISABLE_TELEMETRY"))

    def get_experiment_by_name(self, name):
        known = [v for call, v in calls() if call == "create_experiment" and v["name"] == name]
        return SimpleNamespace(experiment_id="7") if known else None

    def create_experiment(self, name, artifact_location):
        tell("create_experiment", name=name, location=artifact_location)
        return "7"

    def search_runs(self, experiment_ids, filter_string):
        assert experiment_ids == ["7"]
        wanted = filter_string.split("'")[1]
        tags = [values["tags"] for call, values in calls() if call == "create_run"]
        return [
            SimpleNamespace(info=SimpleNamespace(run_id=f"number {place}"))
            for place, tag in enumerate(tags, 1)
            if tag["segstudio.run"] == wanted
        ]

    def delete_run(self, run_id):
        tell("delete_run", id=run_id)

    def create_run(self, experiment_id, start_time, tags, run_name):
        if os.environ.get("FAULT") == "full":
            raise OSError("the disk is full")
        tell("create_run", tags=tags, began=start_time, name=run_name)
        return SimpleNamespace(info=SimpleNamespace(run_id="number 1"))

    def log_batch(self, run_id, metrics=(), params=()):
        tell("log_batch", metrics=list(metrics), params=list(params))

    def set_terminated(self, run_id, status, end_time):
        tell("set_terminated", status=status, ended=end_time)
