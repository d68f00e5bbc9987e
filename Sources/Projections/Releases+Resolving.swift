import Events

/// Why a selector names no release.
package enum SelectorError: Error, Hashable, Sendable {
  /// Nothing was released there at all.
  case noRelease(Place)
  /// The number is not taken; `latest` is the newest.
  case numberUnknown(Selector, latest: Int)
  /// There are fewer good releases; `good` is how many.
  case goodReleases(Selector, good: Int)
  /// Nothing ran there yet.
  case nothingRan(Selector)
}

extension SelectorError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noRelease(let place):
      """
      Nothing of \(place.application) was ever released into \(place.environment).
      `stele deploy \(place.environment)` makes the first release.
      """
    case .numberUnknown(let selector, let latest):
      """
      There is no \(selector): the newest is \(selector.environment)#\(latest).
      `stele releases \(selector.environment)` lists them.
      """
    case .goodReleases(let selector, let good):
      """
      There is no \(selector): \(good) releases of \(selector.environment) succeeded.
      `stele releases \(selector.environment)` lists them.
      """
    case .nothingRan(let selector):
      """
      There is no \(selector): nothing had succeeded in \(selector.environment) by then.
      `stele releases \(selector.environment)` lists when each release ran.
      """
    }
  }
}

extension Releases {
  /// The release that `selector` names.
  package func resolve(
    _ selector: Selector, of application: ApplicationName
  ) throws(SelectorError) -> Release {
    let place = Place(application, selector.environment)
    guard let latest = latest(in: place) else { throw SelectorError.noRelease(place) }
    switch selector.choice {
    case .number(let number):
      if let release = self.number(number, in: place) { return release }
      throw SelectorError.numberUnknown(selector, latest: latest.number)
    case .goodBefore(let count):
      let good = all(in: place).filter(\.outcome.isGood)
      if count < good.count { return good[good.count - 1 - count] }
      throw SelectorError.goodReleases(selector, good: good.count)
    case .time(let time):
      if let release = running(in: place, at: time) { return release }
      throw SelectorError.nothingRan(selector)
    }
  }
}
