import ArgumentParser

/// That somebody means it, where no words are kept.
struct AssentOptions: ParsableArguments {
  @Flag(help: "Do not ask, in production either.") var yes = false
}
