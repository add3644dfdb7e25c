# Load a table of a release into a data frame, with arrow, nanoparquet or duckdb, whichever is installed.
#
#   source("docs/r/load-eventcode.R")
#   events <- load_eventcode("1.0.0", dataset = "dataset")
#   events <- load_eventcode("1.0.0", dataset = "https://example.org/data")   # fetched once, checked, kept
#
# Text and codes are character ("042" keeps its zero), days are Date, numbers are numeric, missing is NA: the same with every reader.

eventcode_readers <- list(
  arrow = function(path) as.data.frame(arrow::read_parquet(path, mmap = FALSE)),
  nanoparquet = function(path) as.data.frame(nanoparquet::read_parquet(path)),
  duckdb = function(path) {
    connection <- DBI::dbConnect(duckdb::duckdb())
    on.exit(DBI::dbDisconnect(connection, shutdown = TRUE))
    DBI::dbGetQuery(connection, "SELECT * FROM read_parquet(?)", params = list(path))
  }
)

# Names of the readers that are installed here.
eventcode_installed <- function() {
  needs <- list(arrow = "arrow", nanoparquet = "nanoparquet", duckdb = c("DBI", "duckdb"))
  there <- vapply(needs, function(packages) all(vapply(packages, requireNamespace, logical(1), quietly = TRUE)), logical(1))
  names(needs)[there]
}

# A column as every reader should give it.
eventcode_plain <- function(column) {
  if (is.factor(column)) return(as.character(column))
  if (inherits(column, "Date")) return(as.Date(as.numeric(column), origin = "1970-01-01"))
  if (inherits(column, "POSIXt")) return(as.Date(column, tz = "UTC"))
  if (is.numeric(column) || inherits(column, "integer64")) return(as.numeric(column))
  column
}

# SHA-256 of a file; NA where neither R (4.5 and up) nor the package digest can say it.
eventcode_sha256 <- function(path) {
  if (exists("sha256sum", envir = asNamespace("tools"))) return(unname(get("sha256sum", envir = asNamespace("tools"))(path)))
  if (requireNamespace("digest", quietly = TRUE)) return(digest::digest(path, algo = "sha256", file = TRUE))
  NA_character_
}

# The checksum that a release's SHA256SUMS gives for a file.
eventcode_listed <- function(sums, name) {
  lines <- readLines(sums, encoding = "UTF-8")
  found <- substr(lines[substring(lines, 67) == name], 1, 64)
  if (length(found) != 1 || !grepl("^[0-9a-f]{64}$", found)) stop(sums, " lists no ", name, call. = FALSE)
  found
}

# Stop where a file is not what was published.
eventcode_check <- function(path, expected) {
  found <- eventcode_sha256(path)
  if (is.na(found)) {
    warning("the checksum of ", path, " was not checked: install the package digest", call. = FALSE)
  } else if (found != expected) {
    stop(path, ": its checksum is ", found, "; expected ", expected, "; remove the file and load again", call. = FALSE)
  }
}

# The path of a file of a release; from an address it is fetched where it is not kept.
eventcode_file <- function(dataset, version, name, cache) {
  if (!grepl("^https?://", dataset)) {
    path <- file.path(dataset, version, name)
    if (!file.exists(path)) stop("there is no ", path, call. = FALSE)
    return(path)
  }
  folder <- file.path(cache, gsub("[^A-Za-z0-9]+", "-", dataset), version)
  path <- file.path(folder, name)
  if (!file.exists(path)) {
    dir.create(folder, recursive = TRUE, showWarnings = FALSE)
    beside <- tempfile(tmpdir = folder)
    on.exit(unlink(beside))
    address <- paste(sub("/+$", "", dataset), version, name, sep = "/")
    if (utils::download.file(address, beside, mode = "wb", quiet = TRUE) != 0) stop(address, " cannot be fetched", call. = FALSE)
    file.rename(beside, path)
  }
  path
}

# The newest version in a folder; of an address the version must be named.
eventcode_newest <- function(dataset) {
  if (grepl("^https?://", dataset)) stop("name the version that you want from ", dataset, call. = FALSE)
  found <- list.files(dataset, pattern = "^[0-9]+[.][0-9]+[.][0-9]+$")
  if (length(found) == 0) stop("there is no release in ", dataset, call. = FALSE)
  as.character(max(numeric_version(found)))
}

# version: the newest of a folder where not given. table: "events", "reports", "articles", "actors", "coverage", "changes".
# dataset: folder or address of the releases. reader: "arrow", "nanoparquet" or "duckdb"; the first that is installed where not given.
load_eventcode <- function(version = NULL, table = "events", dataset = "dataset", reader = NULL,
                           cache = Sys.getenv("EVENTCODE_CACHE", tools::R_user_dir("eventcode", "cache"))) {
  if (is.null(version)) version <- eventcode_newest(dataset)
  stopifnot(grepl("^[0-9]+[.][0-9]+[.][0-9]+$", version), grepl("^[a-z_]+$", table))
  if (is.null(reader)) reader <- eventcode_installed()[1]
  if (is.na(reader)) stop("install one of the packages arrow, nanoparquet or duckdb", call. = FALSE)
  reader <- match.arg(reader, names(eventcode_readers))
  name <- paste0(table, ".parquet")
  path <- eventcode_file(dataset, version, name, cache)
  eventcode_check(path, eventcode_listed(eventcode_file(dataset, version, "SHA256SUMS", cache), name))
  frame <- eventcode_readers[[reader]](path)
  frame[] <- lapply(frame, eventcode_plain)
  attr(frame, "eventcode") <- list(version = version, table = table)
  frame
}
