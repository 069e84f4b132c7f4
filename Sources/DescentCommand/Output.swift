import ArgumentParser
import Descent
import Glibc

/// One of the two output streams, unbuffered: a line is out when the call returns.
struct Output: Sendable {
    /// Results.
    static let standard = Output(descriptor: 1, name: "standard output")
    /// Progress and errors.
    static let error = Output(descriptor: 2, name: "standard error")

    let descriptor: Int32
    let name: String

    /// Writes all of `text`.
    ///
    /// - Throws: `inputOutput`, such as when the output is a file on a full disk; `ExitCode` when it is a pipe
    ///   without a reader.
    func write(_ text: String) throws {
        let code = attempt(text)
        // The reader has closed the pipe: not an error.
        if code == EPIPE { throw ExitCode(128 + SIGPIPE) }
        guard code == 0 else {
            throw DescentError(.inputOutput, "cannot write: \(systemMessage(code))", at: name)
        }
    }

    /// Writes as much as it can; for progress, which is not worth an error.
    func tryWrite(_ text: String) { _ = attempt(text) }

    /// Prints a warning on standard error, in a line; nothing for nil.
    static func warn(_ text: String?) {
        guard let text else { return }
        error.tryWrite("descent: warning: \(ArgumentFlags.translated(text).showingControlCharacters)\n")
    }

    /// Writes `text`; 0, or errno.
    private func attempt(_ text: String) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, base, rest.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return 0
        }
    }

    /// Whether the stream is a terminal that can redraw a line.
    var isTerminal: Bool {
        guard isatty(descriptor) == 1 else { return false }
        return !["", "dumb"].contains(Environment["TERM"] ?? "")
    }

    /// Whether both streams are one file, as after `2>&1`: output to one is read in the other.
    static var areOne: Bool {
        var (one, other) = (stat(), stat())
        guard fstat(standard.descriptor, &one) == 0, fstat(error.descriptor, &other) == 0 else {
            return false
        }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// The terminal's width in columns; 80 when it does not say.
    var columns: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

extension Environment {
    /// The variables that tell a terminal's abilities.
    static var terminal: [String: String] {
        var variables: [String: String] = [:]
        for name in ["NO_COLOR", "TERM", "COLORTERM"] { variables[name] = Environment[name] }
        return variables
    }

    /// Whether the terminal's locale is UTF-8 (the first of the three variables that is set decides).
    static var isUTF8: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = Environment[name] else { continue }
            let lowered = value.lowercased()
            return lowered.contains("utf-8") || lowered.contains("utf8")
        }
        return false
    }
}
