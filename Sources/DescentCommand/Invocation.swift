import ArgumentParser
import Descent
import Notes

/// The command line that this process was started with.
enum Invocation {
    /// The arguments without the program's name, in this program's own words.
    static let arguments = Synonyms.resolved(
        HomeFolder.expanding(Array(CommandLine.arguments.dropFirst())))

    /// The program's name for commands that are printed to be typed: it works from the user's directory.
    static let program = CommandLine.arguments.first.map(Shell.quoted) ?? "descent"

    /// Refuses words that no command has, with more to say than that they are unknown.
    ///
    /// - Throws: `usage`.
    static func check(_ arguments: [String]) throws {
        try checkCommands(arguments)
        // `gradcheck --help` and the like answer for themselves.
        for word in arguments.prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
            let name = String(word.prefix { $0 != "=" })
            guard let refusal = refusals[name] ?? (arguments.first == "train" ? moved[name] : nil) else {
                continue
            }
            throw DescentError(.usage, refusal.what, at: name, advice: refusal.advice)
        }
    }

    /// A command, or a part of one, that there is not.
    private static func checkCommands(_ arguments: [String]) throws {
        var known = DescentCommand.configuration.subcommands
        var path = "descent"
        let isHelp = arguments.first == "help"
        for (depth, word) in (isHelp ? arguments.dropFirst() : arguments[...]).prefix(2).enumerated() {
            guard !word.hasPrefix("-"), word != "help", !known.isEmpty else { return }
            if let next = known.first(where: { $0._commandName == word }) {
                path += " " + word
                known = next.configuration.subcommands
                continue
            }
            var names = known.map { $0._commandName }
            if isHelp, depth == 0 { names.append("models") }
            let near = Suggestion.sentence(word, among: names)
            let advice =
                isHelp
                ? near : depth == 0 ? elsewhere[word] ?? near : near ?? shown(word, by: names, of: path)
            throw DescentError(
                .usage, isHelp ? "there is no help on '\(word)'" : "there is no command '\(word)'",
                at: depth == 0 ? nil : path,
                expected: names.joined(separator: ", "),
                advice: advice ?? "'\(path) --help' says what each does")
        }
    }

    /// `descent runs latest` means `descent runs show latest`.
    private static func shown(_ word: String, by names: [String], of path: String) -> String? {
        if path == "descent notes", Section.named(word).isEmpty {
            return "'\(path) list' shows the sections, '\(path) show' one of them"
        }
        return names.contains("show") ? "'\(path) show \(Shell.quoted(word))' shows one" : nil
    }

    private struct Refusal {
        let what: String
        let advice: String
    }

    private static let noGPU = Refusal(
        what: "Descent computes on the processor; there is no GPU support",
        advice: "leave it out; --threads says how many threads compute")

    private static let refusals: [String: Refusal] = [
        "--device": noGPU, "--gpu": noGPU, "--gpus": noGPU, "--cuda": noGPU, "--accelerator": noGPU,
        "--use-cuda": noGPU, "--num-gpus": noGPU, "--mps": noGPU,
        "--verbose": Refusal(
            what: "there is no --verbose: progress is shown on standard error anyway",
            advice: "leave it out; --quiet shows none, --json prints every epoch"),
        "--workers": Refusal(
            what: "there are no data loading workers: batches are made beside the training step",
            advice: "leave it out; --threads says how many threads compute"),
        "--num-workers": Refusal(
            what: "there are no data loading workers: batches are made beside the training step",
            advice: "leave it out; --threads says how many threads compute"),
    ]

    /// Flags that `descent train` once had, each a command of its own now.
    private static let moved = [
        "--find-lr": Refusal(
            what: "finding a learning rate is a command of its own",
            advice: "'descent find-lr' takes the same settings"),
        "--profile": Refusal(
            what: "a profile is a command of its own", advice: "'descent profile' takes the same settings"),
        "--overfit-one-batch": Refusal(
            what: "memorising one batch is a command of its own",
            advice: "'descent overfit' takes the same settings"),
    ]

    /// Returns the words of the command in `arguments`: "runs compare"; empty for none.
    static func command(_ arguments: [String]) -> String {
        var known = DescentCommand.configuration.subcommands
        var words: [String] = []
        for word in arguments {
            guard let next = known.first(where: { $0._commandName == word }) else { break }
            words.append(word)
            known = next.configuration.subcommands
        }
        return words.joined(separator: " ")
    }

    /// Commands of other tools, and their equivalents here.
    private static let elsewhere = [
        "fit": "did you mean 'train'?", "eval": "did you mean 'evaluate'?",
        "infer": "did you mean 'predict'?", "classify": "did you mean 'predict'?",
        "import":
            "'descent convert' reads models of libsvm; 'descent evaluate --weights' reads pickled weights",
        "serve":
            "the server is a program of its own, which './descent serve' builds and starts",
        "lab":
            "the lab is a program of its own, which './descent lab' builds and starts",
        "notebook": "did you mean 'notes'?", "course": "did you mean 'notes'?",
        "lessons": "did you mean 'notes'?",
        "libsvm": "did you mean 'convert'?", "search": "did you mean 'tune'?",
        "check": "did you mean 'gradcheck'?", "lr-find": "did you mean 'find-lr'?",
        "findlr": "did you mean 'find-lr'?",
    ]
}

/// A near match of a mistyped name.
enum Suggestion {
    /// "did you mean 'train'?", for a near name; nil without one.
    static func sentence(_ word: String, among names: [String]) -> String? {
        nearest(word, among: names).map { "did you mean '\($0)'?" }
    }

    /// Returns the name that differs least, by at most a third of its letters.
    static func nearest(_ word: String, among names: [String]) -> String? {
        let best = names.map { (name: $0, distance: distance(word.lowercased(), $0.lowercased())) }
            .min { $0.distance < $1.distance }
        guard let best, best.distance <= max(1, min(3, word.count / 3)) else { return nil }
        return best.name
    }

    /// Returns the edit distance: letters to insert, delete, replace, or swap with their neighbour.
    static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (Array(one), Array(other))
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var rows = [Array(0...b.count)]
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var least = min(
                    row[j - 1] + 1, rows[i - 1][j] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    least = min(least, rows[i - 2][j - 2] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
