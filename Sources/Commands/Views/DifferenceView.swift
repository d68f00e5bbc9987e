import CanonicalJSON
import Environments

extension ConfigurationDifference {
  var json: JSONObject {
    var record: JSONObject = ["path": .string(path)]
    record["before"] = before
    record["after"] = after
    return record
  }
}

extension [ConfigurationDifference] {
  var passages: [Passage] {
    var table = Table(
      .init("FIELD", .left, .wraps(comfort: 16)), .init("BEFORE", .left, .wraps(comfort: 16)),
      .init("AFTER", .left, .wraps(comfort: 16)))
    for one in self { table.add(one.path, one.shownBefore, one.shownAfter) }
    return [.table(table)]
  }
}
