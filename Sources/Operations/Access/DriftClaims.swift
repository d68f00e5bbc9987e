import Events
import Projections

/// Whether scans are of releases that there are, find what was not open, and resolve what was.
struct DriftClaims {
  private var drifts = Drifts()
  /// Found since the place's last scan: of one scan, several findings may be recorded alike, where
  /// the ledger clips their words.
  private var foundSince: [Place: Set<DriftFinding>] = [:]
  /// The newest release number of each place.
  private var newest: [Place: Int] = [:]

  /// - Returns: What is wrong with it, as a clause; nil where nothing is.
  mutating func take(_ event: Recorded) -> String? {
    guard let place = Place(event) else { return nil }
    defer { learn(event, in: place) }
    guard case .drift(let said) = event.event else { return nil }
    switch said {
    case .scanned(let scanned): return complaint(about: scanned.release, in: place)
    case .found(let found):
      let isNew = !isOpen(found.finding, in: place)
      let isOfOneScan = foundSince[place]?.contains(found.finding) ?? false
      return isNew || isOfOneScan ? nil : "finds what was found before and is open"
    case .resolved(let resolved):
      return isOpen(resolved.finding, in: place) ? nil : "resolves what is not open"
    }
  }

  private func isOpen(_ finding: DriftFinding, in place: Place) -> Bool {
    drifts.open(in: place).contains(finding)
  }

  private func complaint(about release: Int?, in place: Place) -> String? {
    guard let release, release > newest[place] ?? 0 else { return nil }
    return "is of \(place.environment)#\(release), which there is not"
  }

  private mutating func learn(_ event: Recorded, in place: Place) {
    drifts.apply(event)
    if event.stream == .release(place.application, place.environment) {
      newest[place] = event.version
    }
    guard case .drift(let said) = event.event else { return }
    switch said {
    case .scanned: foundSince[place] = nil
    case .found(let found): foundSince[place, default: []].insert(found.finding)
    case .resolved(let resolved): foundSince[place]?.remove(resolved.finding)
    }
  }
}
