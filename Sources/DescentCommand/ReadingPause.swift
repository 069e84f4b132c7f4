import Descent
import Glibc
import Notes

/// The pause between two sections of `descent notes`: nobody reads six hundred lines that rush past.
enum ReadingPause {
    /// Whether a person can see the question and answer it.
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

    /// What an answer means: everything but q and the end of input goes on.
    static func isYes(_ answer: String?) -> Bool {
        guard let answer else { return false }
        return !["q", "quit", "ㅂ"].contains(answer.lowercased())
    }
}
