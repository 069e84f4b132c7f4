import Foundation
import Testing

/// DocC warns of a parameter that a list of parameters leaves out, and `swift package generate-documentation` takes too long to
/// be run with the tests: a function that documents one parameter documents all (DocC reads a program's internal ones too).
@Suite struct ParameterTests {
    /// A declaration's documented names and those of its parameters.
    struct Signature: Equatable {
        var documented: Set<String>
        var parameters: Set<String>
    }

    @Test func aListOfParametersIsWhole() throws {
        let files = try Repository.files().filter {
            $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") && !$0.hasSuffix(".pb.swift")
        }
        var checked = 0
        for file in files {
            for (line, signature) in Self.signatures(try #require(try Repository.text(of: file))) {
                checked += 1
                #expect(signature.documented == signature.parameters, "\(file):\(line)")
            }
        }
        #expect(checked > 40)
    }

    @Test(arguments: [
        ("/// - Parameter a: one.\npublic func f(_ a: Int, b: [Int: String] = [:]) {", ["a"], ["a", "b"]),
        (
            "/// - Parameters:\n///   - a: one,\n///     and more.\n///   - b: two.\n/// - Throws: none.\n"
                + "public init(with a: (Int, Int) -> Int,\n    b: Int\n) {", ["a", "b"], ["a", "b"]
        ),
    ])
    func theRule(text: String, documented: [String], parameters: [String]) {
        #expect(
            Self.signatures(text).map(\.1)
                == [Signature(documented: Set(documented), parameters: Set(parameters))])
    }

    /// The functions and initialisers of a file that document parameters, with their lines.
    private static func signatures(_ text: String) -> [(Int, Signature)] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        var found: [(Int, Signature)] = []
        var index = 0
        while index < lines.count {
            guard lines[index].hasPrefix("///") else {
                index += 1
                continue
            }
            let start = index
            while index < lines.count, lines[index].hasPrefix("///") { index += 1 }
            let documented = names(Array(lines[start..<index]))
            while index < lines.count, lines[index].hasPrefix("@") { index += 1 }
            guard !documented.isEmpty, index < lines.count, lines[index].contains(#/\b(func|init)\b/#)
            else { continue }
            let declaration = lines[index..<min(index + 20, lines.count)].joined(separator: " ")
            found.append(
                (start + 1, Signature(documented: documented, parameters: parameters(of: declaration))))
        }
        return found
    }

    private static func names(_ comment: [String]) -> Set<String> {
        var (names, isInList) = (Set<String>(), false)
        for line in comment {
            if let match = line.firstMatch(of: #/^/// - Parameter (\w+):/#) {
                names.insert(String(match.output.1))
            } else if line.hasPrefix("/// - ") {
                isInList = line.hasPrefix("/// - Parameters:")
            } else if isInList, let match = line.firstMatch(of: #/^///   - (\w+):/#) {
                names.insert(String(match.output.1))
            }
        }
        return names
    }

    /// The names between the first parenthesis and the one that closes it: the second word of each, or the only one.
    private static func parameters(of declaration: String) -> Set<String> {
        var (depth, part, parts): (Int, String, [String]) = (0, "", [])
        scan: for letter in declaration.drop(while: { $0 != "(" }) {
            switch letter {
            case "(", "[", "{", "<":
                depth += 1
                if depth == 1 { continue }
            case ")", "]", "}": depth -= 1
            case ">" where !part.hasSuffix("-"): depth -= 1
            default: break
            }
            if depth == 0 { break scan }
            if letter == ",", depth == 1 {
                parts.append(part)
                part = ""
            } else {
                part.append(letter)
            }
        }
        return Set(
            (parts + [part]).compactMap { part in
                let words = part.prefix { $0 != ":" }.split(separator: " ").filter { !$0.hasPrefix("@") }
                return part.contains(":") ? words.last.map(String.init) : nil
            })
    }
}
