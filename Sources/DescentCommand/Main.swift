import ArgumentParser
import Descent

@main
struct DescentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "descent")
}
