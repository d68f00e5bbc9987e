import Commands
import Foundation

let status = await Stele.run(Array(CommandLine.arguments.dropFirst()), in: .process())
exit(status)
