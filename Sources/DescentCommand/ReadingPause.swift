import Descent
import Glibc
import Notes

/// The pause between two sections of `descent notes`: six hundred lines that rush past cannot be read.
enum ReadingPause {
    /// Whether the question can be shown and answered.
    static var isPossible: Bool { Output.standard.isTerminal && isatty(0) == 1 && isatty(2) == 1 }

    /// Asks whether to go on; false for q, and for the end of input.
    static func goesOn(before next: Section, in language: Language) -> Bool {
        Output.error.tryWrite(question(next, language))
        defer { Output.error.tryWrite("\n") }
        return isYes(readLine())
    }

    static func question(_ next: Section, _ language: Language) -> String {
        let words = Words(
            "Enter: section \(next.number), \(next.title.en);  q: end  ",
            "Enter: \(next.number)절, \(next.title.ko);  q: 끝  ")
        return words[language]
    }

    /// Interprets an answer: everything but q and the end of input continues.
    static func isYes(_ answer: String?) -> Bool {
        guard let answer else { return false }
        return !["q", "quit", "ㅂ"].contains(answer.lowercased())
    }
}
