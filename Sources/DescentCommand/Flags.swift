/// The flags of a command line: a parsed option does not distinguish a flag that gives the default from none.
enum Flags {
    /// Returns whether `arguments` have the flag, as `--name value` or `--name=value`.
    static func contain(_ flag: String, _ arguments: [String]) -> Bool {
        parts(arguments).contains { $0.name == flag }
    }

    /// `arguments` without the flag and its value, if it takes one.
    static func removing(_ flag: String, takingValue: Bool = true, from arguments: [String]) -> [String] {
        parts(arguments).flatMap { part in
            guard part.name == flag else { return part.words }
            return takingValue ? [] : Array(part.words.dropFirst())
        }
    }

    /// Returns the flags with their values, and other words one by one, in their order. What follows a flag that takes a
    /// value is its value, whatever it looks like; `--resume` alone may have none.
    private static func parts(_ arguments: [String]) -> [(name: String?, words: [String])] {
        var parts: [(name: String?, words: [String])] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                parts.append((nil, [word]))
                continue
            }
            if word == "--" {
                parts.append((nil, [word] + rest))
                break
            }
            let name = String(word.prefix { $0 != "=" })
            let isOptional = name == "--resume" && rest.first?.hasPrefix("-") == true
            if name != word || switches.contains(name) || isOptional {
                parts.append((name, [word]))
            } else {
                parts.append((name, [word] + (rest.popFirst().map { [$0] } ?? [])))
            }
        }
        return parts
    }

    /// Those that take no value, of all commands.
    static let switches = Set(TrainFlag.all.filter { !$0.takesValue }.map(\.name)).union([
        "--help", "--version", "--all", "--list", "--signed", "--upright", "--mutual", "--no-pause",
        "--calibrate", "--many",
    ])
}
