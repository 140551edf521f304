"""``ecom67 help publish``: uploads the help documents to the chat's knowledge base and starts its ingestion."""

from typing import Annotated, Any

import botocore.session
import typer

from ecom67.base.errors import CliError
from ecom67.base.options import select_stage
from ecom67.base.stage_names import parameter_name, require_aws_endpoint
from ecom67.help.documents import upload

app = typer.Typer(no_args_is_help=True, help="The shop's help documents.")


@app.command()
def publish(
    stage: Annotated[
        str,
        typer.Option("--stage", help="A stage in AWS; `make up` publishes to the local stage.", callback=select_stage),
    ],
) -> None:
    """Publish the help documents to a stage in AWS."""
    require_aws_endpoint(stage)
    session: Any = botocore.session.get_session()
    names = ("help-bucket", "knowledge-base-id", "help-source-id")
    paths = [parameter_name(stage, "chat", name) for name in names]
    parameters = session.create_client("ssm").get_parameters(Names=paths)["Parameters"]
    published = {parameter["Name"].rpartition("/")[2]: parameter["Value"] for parameter in parameters}
    if published.keys() != set(names):
        raise CliError(f"The chat of stage {stage} is not deployed.")
    changed = upload(session.create_client("s3"), published["help-bucket"])
    if not changed:
        typer.echo("Nothing has changed.")
        return
    session.create_client("bedrock-agent").start_ingestion_job(
        knowledgeBaseId=published["knowledge-base-id"], dataSourceId=published["help-source-id"]
    )
    typer.echo(f"{changed} objects have changed; the knowledge base is reading them, which takes a minute or two.")
