import CanonicalJSON

/// What a platform knows of its replicas, on disk, so that its successor can find them:
///
///     {"boot":"6b1c…","replicas":[{"pid":4711,"port":40213,"spec":{…},"startTicks":881}],"version":1}
///
/// A replica is written down before its process is there, then without `pid` and `startTicks`; its
/// process carries ``ReplicaSpec/markerVariable``, so a stop of the platform between the two leaves
/// nothing that cannot be found.
struct ReplicaFile {
  /// One line of the file.
  enum Entry: Hashable {
    case starting(ReplicaSpec, port: Int?)
    case running(RunningReplica)
  }

  let path: String

  /// - Returns: What was written last; nothing when there is no file, and no process when the
  ///   machine has started anew since.
  func read() throws(PlatformError) -> [Entry] {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(path)
    } catch {
      if error.code == 2 { return [] }  // ENOENT
      throw .stateNotRead(path: path, reason: error.description)
    }
    do {
      return try entries(in: JSONObject(parsing: bytes))
    } catch {
      throw .stateNotRead(path: path, reason: error.description)
    }
  }

  private func entries(in file: JSONObject) throws(ShapeError) -> [Entry] {
    _ = try file.integer("version", in: 1...1)
    let isSameBoot = try file.string("boot") == ProcessTable.boot
    var entries: [Entry] = []
    for object in try file.objects("replicas") {
      let entry = try Entry(json: object)
      entries.append(isSameBoot ? entry : entry.afterRestart)
    }
    return entries
  }

  /// The commit point of every start: what is not written here is not started.
  func write(_ entries: [Entry]) throws(PlatformError) {
    let file: JSONObject = [
      "boot": .string(ProcessTable.boot), "replicas": .array(entries.map { .object($0.json) }),
      "version": 1,
    ]
    do {
      try Files.replace(path, with: try JSONValue.object(file).canonicalBytes())
    } catch {
      throw .stateNotWritten(path: path, reason: "\(error)")
    }
  }
}

extension ReplicaFile.Entry {
  fileprivate var json: JSONObject {
    switch self {
    case .running(let replica): return replica.json
    case .starting(let spec, let port):
      var object: JSONObject = ["spec": .object(spec.json)]
      object["port"] = port.map { .integer(Int64($0)) }
      return object
    }
  }

  fileprivate init(json: JSONObject) throws(ShapeError) {
    self =
      json["pid"] == nil
      ? .starting(
        try ReplicaSpec(json: try json.object("spec")), port: try json.port("port"))
      : .running(try RunningReplica(json: json))
  }

  /// The entry when every process number has lost its meaning: an identity nobody has.
  private static let nobody = ProcessIdentity(pid: .max, startTicks: 0)

  fileprivate var afterRestart: Self {
    switch self {
    case .starting: self
    case .running(let replica):
      .running(RunningReplica(spec: replica.spec, process: Self.nobody, port: replica.port))
    }
  }
}
