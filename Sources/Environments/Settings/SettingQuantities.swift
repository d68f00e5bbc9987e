/// Fields whose value is a Kubernetes quantity; a plain number needs no quotes.
extension SettingSection {
  static let cpuWanted = "cores such as 2 or 0.5, or thousandths of one such as 500m"
  static let bytesWanted = "an amount such as 512Mi, 4Gi or 1G"

  func cpu(_ name: String) -> CPUQuantity? {
    quantityText(name, as: .cpu, wanted: Self.cpuWanted).flatMap { text in
      do throws(QuantityError) {
        return accept(name, try CPUQuantity(parsing: text))
      } catch {
        refuse(name, text, error, finest: "a thousandth of a core", wanted: Self.cpuWanted)
        return nil
      }
    }
  }

  func bytes(_ name: String) -> ByteQuantity? {
    quantityText(name, as: .bytes, wanted: Self.bytesWanted).flatMap { text in
      do throws(QuantityError) {
        return accept(name, try ByteQuantity(parsing: text))
      } catch {
        refuse(name, text, error, finest: "a byte", wanted: Self.bytesWanted)
        return nil
      }
    }
  }

  private func quantityText(
    _ name: String, as shape: SettingShape, wanted: String
  ) -> String? {
    guard let node = required(name, wanted, as: shape) else { return nil }
    if case .scalar(let scalar) = node, [.whole, .decimal, .text].contains(scalar.form) {
      return scalar.text
    }
    report(
      name, .wrongType, found: node.shownText, "is not a quantity", remedy: "write \(wanted)")
    return nil
  }

  private func refuse(
    _ name: String, _ text: String, _ error: QuantityError, finest: String, wanted: String
  ) {
    switch error {
    case .form:
      report(name, .wrongType, found: text, "is not a quantity", remedy: "write \(wanted)")
    case .notForCPU:
      report(name, .wrongType, found: text, "is an amount of bytes", remedy: "write \(wanted)")
    case .milliBytes:
      report(
        name, .outOfRange, found: text, "is in thousandths of a byte",
        remedy: "did you mean \(text.dropLast())Mi? Write \(wanted)")
    case .suffix(let suggestion):
      report(
        name, .wrongType, found: text, "has a suffix that is none",
        remedy: "did you mean \(suggestion)? Write \(wanted)")
    case .fraction:
      report(name, .outOfRange, found: text, "is finer than \(finest)", remedy: "write \(wanted)")
    case .range:
      report(name, .outOfRange, found: text, "is out of range", remedy: "write \(wanted)")
    }
  }
}
