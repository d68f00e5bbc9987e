import Access
import ArgumentParser
import Operations

/// Whether somebody deploys although a freeze or missing approvals say no.
struct GlassOptions: ParsableArguments {
  @Flag(
    help: """
      Deploy in spite of freezes and missing approvals, if you are granted responder; others look \
      at it afterwards. Needs --reason.
      """)
  var breakGlass = false

  /// What has to be granted.
  var action: Action { breakGlass ? .breakGlass : .startDeployment }

  /// - Throws: `ValidationError` where nobody said why it cannot wait.
  func check(_ consent: ConsentOptions) throws {
    if breakGlass, consent.reason?.isBlank != false {
      throw ValidationError("--break-glass needs a reason: say why it cannot wait with --reason")
    }
  }

  /// The beginning of a question, such as `Break the glass and deploy`.
  func words(_ verb: String) -> String {
    breakGlass ? "Break the glass and \(verb)" : verb.prefix(1).uppercased() + verb.dropFirst()
  }
}
