import Events

/// Which release somebody means who says `~1`, a time, or nothing at all.
extension Releases {
  /// The good release that came last: what runs, unless a rollout is under way or was left on the
  /// way.
  package func lastGood(in place: Place) -> Release? {
    all(in: place).last(where: \.outcome.isGood)
  }

  /// The good release that ran at `time`, by the log's clock.
  package func running(in place: Place, at time: Timestamp) -> Release? {
    all(in: place).last { release in
      release.outcome.isGood && (release.ended.map { $0 <= time } ?? false)
    }
  }

  /// The release whose build and configuration `release` runs: itself, unless it restores another.
  package func origin(of release: Release, in place: Place) -> Release {
    var origin = release
    while let restored = origin.restores, restored < origin.number,
      let earlier = number(restored, in: place)
    {
      origin = earlier
    }
    return origin
  }

  /// The newest good release before release `number`; nil where none was.
  package func good(before number: Int, in place: Place) -> Release? {
    all(in: place).prefix(number - 1).last(where: \.outcome.isGood)
  }

  /// What served until release `number` did; nil when nothing did, or the same.
  package func served(before number: Int?, in place: Place) -> Release? {
    guard let number, let release = self.number(number, in: place),
      let before = good(before: number, in: place),
      !before.runsTheSame(as: release),
      origin(of: before, in: place).number != origin(of: release, in: place).number
    else { return nil }
    return before
  }

  /// The newest good release that ran something else than `number` does; nil where none did.
  package func goodOther(than number: Int, in place: Place) -> Release? {
    guard let release = self.number(number, in: place) else { return nil }
    return all(in: place).last { $0.outcome.isGood && !$0.runsTheSame(as: release) }
  }

  /// Where `stele rollback` goes by default.
  ///
  /// After a release that failed without a way back: to the last good one. After a good one: to the
  /// newest good one from before it that would run something else. Counted from the origin of what
  /// runs, so that going back twice goes back two, and never forward again to what somebody left.
  package func rollbackTarget(in place: Place) -> Release? {
    let releases = all(in: place)
    guard let last = releases.last(where: { $0.outcome != .pending }) else { return nil }
    guard last.outcome.isGood else { return lastGood(in: place) }
    let origin = origin(of: last, in: place)
    return releases.prefix(origin.number - 1).last {
      $0.outcome.isGood && !$0.runsTheSame(as: last)
    }
  }
}
