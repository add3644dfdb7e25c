# Writes a table of a release as CSV, once with each reader that is installed, so that tests/test_readers.py can compare the values:
#   Rscript docs/r/test-load-eventcode.R dataset 1.0.0 events out/
# Prints the readers that it used.

arguments <- commandArgs(trailingOnly = TRUE)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "load-eventcode.R"))

for (reader in eventcode_installed()) {
  frame <- load_eventcode(arguments[2], arguments[3], dataset = arguments[1], reader = reader)
  kinds <- vapply(frame, function(column) class(column)[1], "")
  stopifnot(kinds %in% c("character", "Date", "numeric"), identical(attr(frame, "eventcode")$version, arguments[2]))
  text <- lapply(frame, function(column) if (is.numeric(column)) sprintf("%.17g", column) else as.character(column))
  text <- lapply(names(frame), function(name) replace(text[[name]], is.na(frame[[name]]), NA))
  table <- stats::setNames(as.data.frame(text, stringsAsFactors = FALSE), names(frame))
  out <- file.path(arguments[4], paste0(reader, ".csv"))
  utils::write.csv(table, out, row.names = FALSE, na = "", fileEncoding = "UTF-8")
  cat(reader, "\n", sep = "")
}
