/// Which flags a command line has: a parsed option does not tell a flag that says the usual from none.
enum Flags {
    /// Whether `arguments` have the flag, as `--name value` or `--name=value`.
    static func contain(_ flag: String, _ arguments: [String]) -> Bool {
        arguments.contains { $0 == flag || $0.hasPrefix(flag + "=") }
    }

    /// `arguments` without the flag and its value.
    static func removing(_ flag: String, from arguments: [String]) -> [String] {
        var rest = arguments
        while let place = rest.firstIndex(where: { $0 == flag || $0.hasPrefix(flag + "=") }) {
            rest.removeSubrange(place..<min(rest.count, place + (rest[place] == flag ? 2 : 1)))
        }
        return rest
    }
}
