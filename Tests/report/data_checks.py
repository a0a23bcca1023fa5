# SPDX-License-Identifier: GPL-3.0-or-later
# Whether an analyst can load a report's files without a question: the data package, the tables, the forecast.

import csv
import json
from pathlib import Path

from checks import needed

# The columns that FOCUS 1.2 makes mandatory, and whether it lets them be null.
FOCUS_MANDATORY = {
    "BilledCost": False, "BillingAccountId": False, "BillingAccountName": True, "BillingCurrency": False,
    "BillingPeriodEnd": False, "BillingPeriodStart": False, "ChargeCategory": False, "ChargeClass": True,
    "ChargeDescription": True, "ChargePeriodEnd": False, "ChargePeriodStart": False, "ContractedCost": False,
    "EffectiveCost": False, "InvoiceIssuerName": False, "ListCost": False, "PricingQuantity": True,
    "PricingUnit": True, "ProviderName": False, "PublisherName": False, "ServiceCategory": False,
    "ServiceName": False,
}
FOCUS_VALUES = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"}, "ChargeClass": {"", "Correction"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "PricingCategory": {"Standard", "Dynamic", "Committed", "Other"},
    "ServiceCategory": {
        "AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools",
        "Multicloud", "Identity", "Integration", "Internet of Things", "Management and Governance", "Media",
        "Migration", "Mobile", "Networking", "Security", "Storage", "Web", "Other"},
}
FOCUS_COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")


def run(checks, folder, forecast, notebook):
    """All checks of a report's folder, of a forecast made of the same run, and of the notebook on the data."""
    folder = Path(folder)
    checks.run("the data package passes `frictionless validate`", lambda: frictionless(folder))
    checks.run("every table loads in pandas with the declared types", lambda: pandas(folder))
    checks.run("the forecast has FOCUS 1.2's mandatory columns with valid values", lambda: focus(forecast))
    checks.run("the forecast's costs are those of charges.csv", lambda: sums(folder, forecast))
    checks.run("the notebook runs on the data", lambda: cells(folder, notebook))


def frictionless(folder):
    module = needed("frictionless")
    report = module.validate(str(folder / "datapackage.json"))
    if report.valid:
        return f"{len(report.tasks)} tables, frictionless {module.__version__}"
    return ([f"{error.title}: {error.note}" for error in report.errors]
            + [f"{task.place}: {error.message}" for task in report.tasks for error in task.errors])


def pandas(folder):
    module = needed("pandas")
    kinds = {"string": "string", "number": "float64", "integer": "Int64", "boolean": "boolean",
             "date": "string", "yearmonth": "string"}
    complaints, rows = [], 0
    for resource in json.loads((folder / "datapackage.json").read_text())["resources"]:
        fields = resource["schema"]["fields"]
        table = module.read_csv(
            folder / resource["path"], dtype={field["name"]: kinds[field["type"]] for field in fields},
            keep_default_na=False, na_values=[""])
        rows += len(table)
        if list(table.columns) != [field["name"] for field in fields]:
            complaints.append(f"{resource['path']}: the columns are {list(table.columns)}")
        for field in fields:
            if field["type"] in ("date", "yearmonth"):
                form = "%Y-%m-%d" if field["type"] == "date" else "%Y-%m"
                module.to_datetime(table[field["name"]].dropna(), format=form)
            elif str(table[field["name"]].dtype) != kinds[field["type"]]:
                complaints.append(f"{resource['path']}: {field['name']} is {table[field['name']].dtype}")
    return complaints or f"{rows} rows, pandas {module.__version__}"


def records(file):
    with open(file, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def focus(forecast):
    rows = records(forecast)
    if not rows:
        return ["it has no rows"]
    complaints = [f"{column} is missing" for column in FOCUS_MANDATORY if column not in rows[0]]
    complaints += [f"{column} is no name of a custom column" for column in rows[0]
                   if column[:1].islower() and not column.startswith("x_")]
    for place, row in enumerate(rows, start=2):
        for column, nullable in FOCUS_MANDATORY.items():
            if not nullable and not row.get(column):
                complaints.append(f"line {place}: {column} is null")
        for column, values in FOCUS_VALUES.items():
            if row.get(column, "") not in values:
                complaints.append(f"line {place}: {column} is {row.get(column)}")
        # Neither may be null where something is used or bought.
        if row["ChargeCategory"] in ("Usage", "Purchase") and not (row["PricingQuantity"] and row["PricingUnit"]):
            complaints.append(f"line {place}: a {row['ChargeCategory']} without PricingQuantity or PricingUnit")
        for column in (*FOCUS_COSTS, "PricingQuantity"):
            if not row[column].replace("-", "", 1).replace(".", "", 1).isdigit():
                complaints.append(f"line {place}: {column} is {row[column]}")
        for column in ("BillingPeriod", "ChargePeriod"):
            if not row[column + "Start"] < row[column + "End"] or not row[column + "End"].endswith("T00:00:00Z"):
                complaints.append(f"line {place}: {column} is {row[column + 'Start']} to {row[column + 'End']}")
    return complaints or f"{len(rows)} rows"


def sums(folder, forecast):
    billed = records(forecast)
    option = billed[0]["x_Option"]
    charges = [row for row in records(folder / "charges.csv") if row["option"] == option]
    if len(billed) != len(charges):
        return [f"{len(billed)} rows for {len(charges)} charges of {option}"]
    whole = sum(float(row["BilledCost"]) for row in billed)
    other = sum(float(row["mean_cost_usd"]) for row in charges)
    return [] if abs(whole - other) <= 0.005 * len(charges) else [f"${whole:.2f}, not ${other:.2f}"]


def cells(folder, notebook):
    needed("pandas")
    needed("matplotlib").use("Agg")
    import os

    document = json.loads(Path(notebook).read_text(encoding="utf-8"))
    scope, here = {}, os.getcwd()
    os.chdir(folder)
    try:
        for cell in document["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), str(notebook), "exec"), scope)
    finally:
        os.chdir(here)
    figures = [value for value in scope.values() if type(value).__name__ == "Figure"]
    count = sum(len(figure.axes) for figure in figures)
    return f"{count} charts" if count >= 2 else [f"it draws {count} charts"]
