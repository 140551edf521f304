"""The SSM parameters in which the stacks of a stage publish names, ids and ARNs for each other."""

from typing import Any

from ecom67.base.stage_names import parameter_prefix


def published_parameters(ssm: Any, stage: str) -> dict[str, str]:
    """Return all parameters of a stage by their names below its path: ``{"bus/name": …}``.

    Parameters:
        ssm: the client of Systems Manager.
        stage: name of the stage.
    """
    prefix = parameter_prefix(stage)
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=prefix, Recursive=True)
    return {
        parameter["Name"].removeprefix(prefix): parameter["Value"] for page in pages for parameter in page["Parameters"]
    }
