import ArgumentParser

/// How results are printed on stdout; progress, warnings and errors always go to stderr.
package enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  case table, json, jsonl, csv
}
