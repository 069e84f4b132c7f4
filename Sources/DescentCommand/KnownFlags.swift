import ArgumentParser
import Descent
import FoundationEssentials

/// The flags of all commands, as the parser knows them: for errors about an unknown one.
struct KnownFlags {
    /// The long flags of each command that can be seen in its help, by its words: "runs compare".
    let byCommand: [(command: String, flags: [String])]

    init() {
        guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(DescentCommand._dumpHelp().utf8))
        else {
            byCommand = []
            return
        }
        var found: [(command: String, flags: [String])] = []
        func add(_ command: Tool.Command, _ path: [String]) {
            let shown = (command.arguments ?? []).filter { $0.shouldDisplay ?? true }
            let names = shown.flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map { "--" + $0.name }
            found.append((path.joined(separator: " "), names))
            for inner in command.subcommands ?? [] where inner.commandName != "help" {
                add(inner, path + [inner.commandName])
            }
        }
        add(tool.command, [])
        byCommand = found
    }

    /// Describes an option that the command has not: one of its own that is near, else the commands that have it.
    func sentence(_ flag: String, command: String) -> String? {
        let own = byCommand.first { $0.command == command }?.flags ?? []
        if let near = Suggestion.nearest(
            String(flag.drop { $0 == "-" }), among: own.map { String($0.dropFirst(2)) })
        {
            return "did you mean '--\(near)'?"
        }
        let others = byCommand.filter { $0.flags.contains(flag) && !$0.command.isEmpty }.map(\.command)
        guard !others.isEmpty else { return nil }
        let names = others.map { "'descent \($0)'" }
        return names.count <= 3
            ? "it is a flag of \(names.joined(separator: " and "))"
            : "it is a flag of \(names.prefix(3).joined(separator: ", ")) and others"
    }

    /// The parser's description of itself.
    private struct Tool: Decodable {
        struct Command: Decodable {
            let commandName: String
            let arguments: [Argument]?
            let subcommands: [Command]?
        }
        struct Argument: Decodable {
            let names: [Name]?
            let shouldDisplay: Bool?
        }
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        let command: Command
    }
}
