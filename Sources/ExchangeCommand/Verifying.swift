import Exchange
import Support

/// `descent verify`: whether other programs answer as an exported file says.
enum Verifying {
    static func run(
        _ file: String, runtime: String, environment: String, into answer: inout ProgramAnswer
    ) throws {
        let found = try ONNXVerification(
            of: file, with: runtime.isEmpty ? .descent : .onnxruntime(environment: environment))
        answer.json = json(found, file)
        answer.text = "\(found)"
        guard !found.agrees else { return }
        throw DescentError(
            .failed, "\(found.runtime) does not give the answers that the file keeps", at: file,
            expected: "equal labels, differences that rounding explains", got: "\(found)")
    }

    private static func json(_ found: ONNXVerification, _ file: String) -> String {
        let line: JSONText = [
            "version": 1, "path": .string(file), "runtime": .string(found.runtime),
            "checker": .string(found.checker), "agrees": .bool(found.agrees), "count": .integer(found.count),
            "equal_labels": found.hasLabels ? .integer(found.equalLabels) : .null,
            "outputs": .array(
                found.outputs.map {
                    [
                        "name": .string($0.name), "largest_difference": .number($0.largest),
                        "tolerance": .number($0.tolerance),
                    ]
                }),
        ]
        return line.line
    }
}
