/// Which flags a command line has: a parsed option does not tell a flag that says the usual from none.
enum Flags {
    /// Whether `arguments` have the flag, as `--name value` or `--name=value`.
    static func contain(_ flag: String, _ arguments: [String]) -> Bool {
        arguments.contains { $0 == flag || $0.hasPrefix(flag + "=") }
    }

    /// `arguments` without the flag and its value, if it takes one.
    static func removing(_ flag: String, takingValue: Bool = true, from arguments: [String]) -> [String] {
        var rest = arguments
        while let place = rest.firstIndex(where: { $0 == flag || $0.hasPrefix(flag + "=") }) {
            let next = place + 1
            // `--resume` may stand without its value, before another flag.
            let hasValue =
                takingValue && rest[place] == flag && next < rest.count && !rest[next].hasPrefix("--")
            rest.removeSubrange(place...(hasValue ? next : place))
        }
        return rest
    }

    /// Those that take no value, of all commands.
    static let switches = Set(TrainFlag.all.filter { !$0.takesValue }.map(\.name)).union([
        "--help", "--version", "--all", "--list", "--signed", "--upright", "--mutual", "--no-pause",
    ])
}
