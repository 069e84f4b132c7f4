import Descent

/// The `~` in front of a path, where no shell has replaced it.
///
/// A shell does so at the beginning of a word only: `--out ~/x` arrives whole, `--out=~/x` does not, and would make a folder
/// called `~`. Every argument goes through here, whatever its flag; `./~/x` is how such a folder is still named.
enum HomeFolder {
    /// Returns the arguments with `~` and `~/...`, `~user` and `~user/...` replaced, as words of their own or behind
    /// `--flag=`.
    ///
    /// An unknown user stays as written, as in a shell.
    static func expanding(
        _ arguments: [String], home: String? = Environment.home,
        of user: (String) -> String? = Environment.folder(of:)
    ) -> [String] {
        arguments.map { argument in
            let utf8 = argument.utf8
            var start = argument.startIndex
            if argument.hasPrefix("--"), let equals = utf8.firstIndex(of: UInt8(ascii: "=")) {
                start = utf8.index(after: equals)
            }
            guard utf8[start...].first == UInt8(ascii: "~") else { return argument }
            let rest = utf8[start...].dropFirst()
            let name = String(Substring(rest.prefix { $0 != UInt8(ascii: "/") }))
            guard let folder = name.isEmpty ? home : user(name) else { return argument }
            return String(argument[..<start]) + folder + String(Substring(rest.dropFirst(name.utf8.count)))
        }
    }
}
