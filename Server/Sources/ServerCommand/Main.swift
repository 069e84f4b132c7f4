import ArgumentParser
import Foundation

/// `descent-server`, which `./descent` starts: everything that needs HTTP.
@main struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent-server", abstract: "What of Descent speaks HTTP.",
        subcommands: [ServeCommand.self, LabCommand.self])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Foundation.exit(ServerFailure.report(error))
        }
    }
}
