"""A stand-in for DVCLive, as far as it is used."""

import os

from told import tell


class Live:
    step = None

    def __init__(self, dir, report, save_dvc_exp, dvcyaml):
        tell(
            "live", folder=dir, saves=bool(save_dvc_exp or dvcyaml or report), cwd=os.getcwd(),
            pipeline=os.environ.get("DVC_EXP_NAME"), offline=os.environ.get("DVC_STUDIO_OFFLINE"),
        )  # fmt: skip

    def log_params(self, params):
        tell("log_params", **params)

    def log_metric(self, name, val, plot=True):
        tell("log_metric", name=name, value=val, plot=plot, step=self.step)

    def end(self):
        tell("end")
