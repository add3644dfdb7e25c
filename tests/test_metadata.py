"""Metadata: each file keeps the rules of its own standard, says what the model says, and is the same each time."""

import importlib.resources
import importlib.util
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from eventcode import resources
from eventcode.contract.arrow import arrow_table
from eventcode.errors import ReleaseError
from eventcode.model.column import columns
from eventcode.model.tables import RELEASE
from eventcode.publish import metadata
from eventcode.publish.metadata import About, Extent, Release
from eventcode.publish.metadata.citation import Cited, cff
from eventcode.publish.metadata.ddi import NAMESPACE
from eventcode.publish.write import parquet, sha256

CONTRACTS = {model.table: model for model in RELEASE}
FILES = {
    name: {"rows": 10 + n, "bytes": 1000 + n, "hash": f"sha256:{n:064x}", "contentSha256": f"{n + 100:064x}"}
    for n, name in enumerate(CONTRACTS)
}
SOURCES = [{"title": "a.csv", "path": "contributions/a.csv", "hash": f"sha256:{1:064x}"}]
BARE = Release(
    name="handmade",
    title="Handmade: events for the tests",
    description="Rows made by hand.",
    creator="The testers",
    licence="CC-BY-4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    keywords=["test", "events"],
    version="0.1.0",
    date="2026-01-31",
)
FULL = BARE.model_copy(
    update={
        "title": 'Events & "wars": 50 % of <Österreich> {all} ]]> ö',
        "description": 'Who did what to whom & when, in <Köln> "today".',
        "doi": "10.5072/events.1_0",
        "homepage": "https://example.org/events?a=1&b=2",
        "publisher": "The publishers & sons",
        "contact": "The help desk",
        "contact_email": "help@example.org",
        "ror": "05dxps055",
        "subject": ["Social Sciences", "Law"],
        "spatial": ["South Caucasus", "Côte d'Ivoire"],
        "funding": ["The founders' fund"],
        "extent": Extent(first="2020-09-27", last="2023-09-20", countries=("ARM", "AZE"), rows={"events": 10}),
    }
)
PERSON = FULL.model_copy(
    update={"creator": "Tester, Erika", "ror": "", "orcid": "0000-0002-1825-0097", "spatial": [], "publisher": "", "homepage": ""}
)
SAID = {"bare": BARE, "full": FULL, "person": PERSON}
NAMES = {
    "datapackage.json", "croissant.json", "datacite.json", "CITATION.cff", "schema-org.jsonld", "ddi-codebook.xml", "dataverse.json",
    "zenodo.json", "ro-crate-metadata.json",
}  # fmt: skip


@pytest.fixture(params=SAID)
def release(request):
    return SAID[request.param]


@pytest.fixture
def documents(release):
    return metadata.documents(release, FILES, SOURCES, CONTRACTS)


def read(documents, name):
    return json.loads(documents[name])


def test_every_standard_has_its_file(documents):
    assert set(documents) == NAMES
    assert all(text.endswith("\n") and "\r" not in text for text in documents.values())


def test_the_same_input_gives_the_same_bytes_everywhere(tmp_path):
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); import test_metadata as t; from eventcode.publish import metadata;"
        "files = dict(reversed(t.FILES.items()));"
        "print([hashlib.sha256(x.encode()).hexdigest() for x in metadata.documents(t.FULL, files, t.SOURCES, t.CONTRACTS).values()])"
    )
    found = set()
    for seed, zone in (("1", "UTC"), ("77", "Pacific/Kiritimati")):
        folder = tmp_path / seed
        folder.mkdir()
        path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "HOME": str(folder), "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found.add(done.stdout)
    assert len(found) == 1


# -- about.toml and the model ---------------------------------------------------------------------------------------


def test_what_is_said_is_read_back_from_the_data_package(release, documents, tmp_path):
    (tmp_path / "datapackage.json").write_text(documents["datapackage.json"], encoding="utf-8")
    assert Release.read_release(tmp_path) == release


@pytest.mark.parametrize("version", resources.releases())
def test_published_releases_are_read(version):
    found = Release.read_release(resources.release_folder(version))
    assert (found.name, found.version, found.creator) == ("eventcode", version, "The eventcode contributors")


def test_our_own_about_toml_is_read():
    about = About.read(resources.DATASET)
    assert about.name == "eventcode"
    assert about.subject == ["Social Sciences"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('doi = "https://doi.org/10.5072/x"', "doi: String should match pattern"),
        ('homepage = "example.org"', "homepage: String should match pattern"),
        ('contact_email = "nobody"', "contact_email: String should match pattern"),
        ('orcid = "0000"', "orcid: String should match pattern"),
        ('ror = "https://ror.org/05dxps055"', "ror: String should match pattern"),
        ('color = "red"', "color: Extra inputs are not permitted; expected name, .*keywords, and no more than doi, homepage"),
        ("funding = 3", "funding: Input should be a valid list"),
    ],
)
def test_an_about_toml_with_what_cannot_be_true_is_refused(tmp_path, line, message):
    kept = [f'{name} = "x"' for name in ("name", "title", "description", "creator", "licence", "licence_url")]
    (tmp_path / "about.toml").write_text("\n".join([*kept, 'keywords = ["x"]', line]), encoding="utf-8")
    with pytest.raises(ReleaseError, match=message):
        About.read(tmp_path)


@pytest.mark.parametrize("damage", ['{"contributors": 1}', "[]", "{", '{"extent": []}'])
def test_a_damaged_data_package_is_said_so(tmp_path, damage):
    (tmp_path / "datapackage.json").write_text(damage, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"datapackage\.json: the file cannot be read"):
        Release.read_release(tmp_path)


def test_the_extent_of_no_events_is_empty():
    assert Extent.of([], [], {"events": 0}) == Extent(rows={"events": 0})
    assert Extent.of([None], [None], {}).period == ""
    assert Extent.of([date(2023, 1, 2)], ["AZE", "ARM", "AZE"], {}).countries == ("ARM", "AZE")


# -- Data Package ---------------------------------------------------------------------------------------------------


def carried(package, path):
    """A JSON schema that a package carries; the package itself is not imported."""
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed, which carries the schema")
    return json.loads((importlib.resources.files(package) / path).read_text(encoding="utf-8"))


def schema_faults(schema, value):
    validator = jsonschema.validators.validator_for(schema)
    return [f"{list(error.path)}: {error.message[:200]}" for error in validator(schema).iter_errors(value)]


def test_the_data_package_keeps_the_profile(documents):
    schema = carried("dplib", "profiles/2.0/datapackage.json")
    package = read(documents, "datapackage.json")
    assert schema_faults(schema, package) == []
    assert schema_faults(schema, {**package, "resources": []}) != []


def test_the_data_package_has_a_resource_a_table_and_a_field_a_column(documents):
    package = read(documents, "datapackage.json")
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    for each, (name, model) in zip(package["resources"], CONTRACTS.items(), strict=True):
        assert (each["name"], each["path"], each["bytes"], each["hash"]) == (
            name, f"{name}.parquet", FILES[name]["bytes"], FILES[name]["hash"],
        )  # fmt: skip
        assert [field["name"] for field in each["schema"]["fields"]] == [column.name for column in columns(model)]
    assert read(documents, "datapackage.json")["sources"] == SOURCES


def test_a_data_package_without_more_is_what_it_was():
    text = metadata.datapackage(BARE, FILES, SOURCES)
    assert list(json.loads(text)) == [
        "$schema", "name", "title", "description", "version", "created", "keywords", "licenses", "contributors", "sources", "builtWith",
        "resources",
    ]  # fmt: skip


# -- Croissant ------------------------------------------------------------------------------------------------------


def test_croissant_has_a_record_set_a_table_and_a_field_a_column(documents):
    dataset = read(documents, "croissant.json")
    assert dataset["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    files = {each["@id"]: each for each in dataset["distribution"]}
    assert set(files) == {f"{name}.parquet" for name in CONTRACTS}
    assert all(len(each["sha256"]) == 64 for each in files.values())
    identifiers = []
    for records, (name, model) in zip(dataset["recordSet"], CONTRACTS.items(), strict=True):
        fields = {field["@id"]: field for field in records["field"]}
        identifiers += [records["@id"], *fields]
        assert [field["source"]["extract"]["column"] for field in fields.values()] == [column.name for column in columns(model)]
        assert {field["source"]["fileObject"]["@id"] for field in fields.values()} == {f"{name}.parquet"}
        assert {key["@id"] for key in records["key"]} == {f"{name}/{key}" for key in model.key} <= set(fields)
    assert len(set(identifiers)) == len(identifiers)
    assert dataset["citeAs"].startswith("@misc{")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_croissant_is_read_by_its_own_library(tmp_path, version):
    library = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed: it brings scipy, 150 MB in all")
    files = {}
    for name, model in CONTRACTS.items():
        path = tmp_path / f"{name}.parquet"
        parquet(arrow_table(model, [{column.name: column.example for column in columns(model)}]), path)
        files[name] = {**FILES[name], "rows": 1, "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}"}
    text = metadata.documents(FULL, files, SOURCES, CONTRACTS)["croissant.json"]
    assert text.count("croissant/1.0") == 1
    (tmp_path / "croissant.json").write_text(text.replace("croissant/1.0", f"croissant/{version}"), encoding="utf-8")
    dataset = library.Dataset(jsonld=str(tmp_path / "croissant.json"))
    assert dataset.metadata.ctx.issues.errors == set()
    for name, model in CONTRACTS.items():
        (row,) = dataset.records(name)
        assert set(row) == {f"{name}/{column.name}" for column in columns(model)}
        assert [row[f"{name}/{key}"] for key in model.key if isinstance(row[f"{name}/{key}"], bytes)]


# -- DataCite -------------------------------------------------------------------------------------------------------


def test_datacite_keeps_the_schema(documents):
    schema = carried("datacite", "schemas/datacite-v4.5.json")
    record = read(documents, "datacite.json")
    assert schema_faults(schema, record) == []
    assert schema_faults(schema, {key: value for key, value in record.items() if key != "publicationYear"}) != []


def test_datacite_is_a_draft_until_there_is_a_doi():
    draft, minted = (read(metadata.documents(said, FILES, SOURCES, CONTRACTS), "datacite.json") for said in (BARE, FULL))
    assert {"creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"} <= set(draft)
    assert not {"doi", "event", "url"} & set(draft)
    assert minted["doi"] == FULL.doi
    assert minted["creators"][0]["nameIdentifiers"][0]["nameIdentifier"] == "https://ror.org/05dxps055"
    assert {"date": "2020-09-27/2023-09-20", "dateType": "Other", "dateInformation": "first and last day of the events"} in minted["dates"]


def test_countries_stand_in_for_regions():
    found = read(metadata.documents(PERSON, FILES, SOURCES, CONTRACTS), "datacite.json")
    assert [place["geoLocationPlace"] for place in found["geoLocations"]] == ["Armenia", "Azerbaijan"]


# -- CITATION.cff (its rules are in test_cite) ----------------------------------------------------------------------


def test_citation_cff_has_the_checksum_of_the_events(release, documents):
    assert documents["CITATION.cff"] == cff(Cited(release, content="events", sha256=FILES["events"]["contentSha256"]))


# -- schema.org -----------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")
def test_schema_org_is_read_as_linked_data(release, documents):
    rdflib = pytest.importorskip("rdflib", reason="rdflib is not installed")
    dataset = {**read(documents, "schema-org.jsonld"), "@context": {"@vocab": "https://schema.org/"}}
    graph = rdflib.Graph().parse(data=json.dumps(dataset), format="json-ld")
    (node,) = graph.subjects(rdflib.RDF.type, rdflib.SDO.Dataset)
    assert str(graph.value(node, rdflib.SDO.name)) == release.title
    assert len(set(graph.objects(node, rdflib.SDO.distribution))) == len(CONTRACTS)


def test_schema_org_says_what_search_engines_ask_for(release, documents):
    dataset = read(documents, "schema-org.jsonld")
    assert (dataset["@context"], dataset["@type"], dataset["name"]) == ("https://schema.org/", "Dataset", release.title)
    assert {"description", "license", "creator", "datePublished", "version", "keywords", "distribution", "variableMeasured"} <= set(dataset)
    assert [each["name"] for each in dataset["variableMeasured"]] == [column.name for column in columns(RELEASE[0])]
    assert all({"contentUrl", "encodingFormat", "sha256"} <= set(each) for each in dataset["distribution"])
    assert dataset.get("temporalCoverage") == (release.extent.period if release.extent else None)


# -- DDI-Codebook ---------------------------------------------------------------------------------------------------

# The children that we write, in the order that the schema of DDI-Codebook 2.5 has them.
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "stdyDscr": "citation stdyInfo method dataAccs",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "rspStmt": "AuthEnty othId",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "distStmt": "distrbtr contact depositr depDate distDate",
    "verStmt": "version verResp notes",
    "stdyInfo": "studyBudget subject abstract sumDscr notes",
    "subject": "keyword topcClas",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe dataKind",
    "dataAccs": "setAvail useStmt notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions disclaimer",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCitation dataFingerprint fileCont fileStrc dimensns fileType format filePlac software verStmt",
    "dataFingerprint": "digitalFingerprintValue algorithmSpecification algorithmVersion",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "var": "location labl valrng invalrng universe sumStat txt stdCatgry catgryGrp catgry concept derivation varFormat notes",
    "valrng": "item range key notes",
    "catgry": "catValu labl txt catStat",
}


def codebook(documents):
    return etree.fromstring(documents["ddi-codebook.xml"].encode())


def tag(element):
    name = etree.QName(element)
    assert name.namespace == NAMESPACE
    return name.localname


def test_ddi_has_its_elements_where_the_schema_has_them(documents):
    for element in codebook(documents).iter():
        allowed = ORDER.get(tag(element), "").split()
        places = [allowed.index(tag(child)) for child in element]
        assert places == sorted(places), tag(element)


def test_ddi_has_a_file_a_table_and_a_variable_a_column(release, documents):
    root = codebook(documents)
    space = {"d": NAMESPACE}
    assert root.get("version") == "2.5"
    assert root.findtext("d:stdyDscr/d:citation/d:titlStmt/d:titl", namespaces=space) == release.title
    assert [each.get("URI") for each in root.findall("d:fileDscr", space)] == [f"{name}.parquet" for name in CONTRACTS]
    assert [int(each.text) for each in root.iterfind(".//d:caseQnty", space)] == [file["rows"] for file in FILES.values()]
    variables = root.findall("d:dataDscr/d:var", space)
    assert [(each.get("files"), each.get("name")) for each in variables] == [
        (f"F_{name}", column.name) for name, model in CONTRACTS.items() for column in columns(model)
    ]
    identifiers = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(set(identifiers)) == len(identifiers)
    assert {each.get("files") for each in variables} <= set(identifiers)
    status = next(each for each in variables if each.get("ID") == "V_events_status")
    assert [each.text for each in status.iterfind("d:catgry/d:catValu", space)][:2] == ["asserted", "claimed"]


# -- repositories ---------------------------------------------------------------------------------------------------


def dataverse_fields(documents):
    version = read(documents, "dataverse.json")["datasetVersion"]
    return version, {field["typeName"]: field for field in version["metadataBlocks"]["citation"]["fields"]}


def test_dataverse_has_what_it_requires(release, documents):
    version, fields = dataverse_fields(documents)
    assert {"title", "author", "datasetContact", "dsDescription", "subject"} <= set(fields)
    assert version["license"] == {"name": "CC BY 4.0", "uri": release.licence_url}
    assert fields["author"]["value"][0]["authorName"]["value"] == release.creator
    assert fields["dsDescription"]["value"][0]["dsDescriptionValue"]["value"] == release.description
    assert fields["subject"]["value"]
    contact = fields["datasetContact"]["value"][0]
    assert ("datasetContactEmail" in contact) == bool(release.contact_email)


def test_dataverse_fields_are_in_its_long_hand(documents):
    def check(field):
        assert set(field) == {"typeName", "multiple", "typeClass", "value"}
        assert isinstance(field["value"], list) == field["multiple"]
        assert field["value"]
        for value in field["value"] if field["multiple"] else [field["value"]]:
            assert isinstance(value, dict) == (field["typeClass"] == "compound")
            for name, part in value.items() if isinstance(value, dict) else ():
                assert part["typeName"] == name
                check(part)

    for field in dataverse_fields(documents)[1].values():
        check(field)


def test_zenodo_has_what_it_requires(release, documents):
    deposition = read(documents, "zenodo.json")
    assert set(deposition) == {"metadata"}
    said = deposition["metadata"]
    assert (said["upload_type"], said["access_right"], said["license"]) == ("dataset", "open", "cc-by-4.0")
    assert (said["title"], said["version"], said["publication_date"]) == (release.title, release.version, release.date)
    assert said["creators"][0]["name"] == release.creator
    assert said["keywords"] == release.keywords
    assert said["description"].startswith("<p>")
    assert "<Köln>" not in said["description"]
    assert said.get("doi", "") == release.doi


# -- RO-Crate -------------------------------------------------------------------------------------------------------


def test_ro_crate_describes_the_root_and_every_file(release, documents):
    crate = read(documents, "ro-crate-metadata.json")
    graph = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = graph["./"]
    assert {"name", "description", "datePublished", "license", "hasPart"} <= set(root)
    assert {part["@id"] for part in root["hasPart"]} == {f"{name}.parquet" for name in CONTRACTS} | NAMES - {"ro-crate-metadata.json"}
    for entity in graph.values():
        for name, value in entity.items():
            for reference in value if isinstance(value, list) else [value]:
                if isinstance(reference, dict) and name != "conformsTo":
                    assert reference["@id"] in graph
    assert graph[root["author"]["@id"]]["name"] == release.creator


@pytest.mark.filterwarnings("ignore")
def test_ro_crate_is_read_by_its_own_library(release, documents, tmp_path):
    rocrate = pytest.importorskip("rocrate.rocrate", reason="rocrate is not installed")
    for name, text in documents.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name in CONTRACTS:
        (tmp_path / f"{name}.parquet").write_bytes(b"")
    crate = rocrate.ROCrate(str(tmp_path))
    assert (crate.name, crate.license["name"]) == (release.title, "CC-BY-4.0")
    assert {entity.id for entity in crate.data_entities} >= {f"{name}.parquet" for name in CONTRACTS}
