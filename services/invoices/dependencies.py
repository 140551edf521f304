"""The clients and stores of the invoices functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.erased_users import erased_users
from services.invoices.document_files import DocumentFiles, DocumentFilesSettings
from services.invoices.issuing import Issuing
from services.invoices.order_reader import OrderReader, OrderReaderSettings
from services.invoices.store import InvoiceSettings, InvoiceStore, NumberSettings


@cache
def store() -> InvoiceStore:
    """Return the documents; raises MissingSettingError without ``INVOICES_TABLE``."""
    return InvoiceStore(dynamodb(), InvoiceSettings.load().invoices_table, _numbers_table, erased_users)


def _numbers_table() -> str:
    return NumberSettings.load().invoice_numbers_table


@cache
def files() -> DocumentFiles:
    """Return the PDFs; raises MissingSettingError without ``DOCUMENTS_BUCKET``."""
    from botocore.config import Config

    # By itself botocore signs links to S3 by the old version 2, which regions that were opened since 2014 refuse.
    s3 = client("s3", Config(signature_version="s3v4"))
    return DocumentFiles(s3, DocumentFilesSettings.load().documents_bucket)


@cache
def issuing() -> Issuing:
    """Return what issues documents; raises MissingSettingError."""
    return Issuing(store(), files(), OrderReader(client("lambda"), OrderReaderSettings.load()), erased_users)
