import Foundation
import Testing

/// What `import Descent` shows: its size, and names that a user's own program is likely to have.
///
/// The rule of counting: each line of Swift, in the modules that Sources/Descent/Descent.swift exports, on which a declaration
/// begins that is `public` or `open`. Cases of an enum and requirements of a protocol come with their type and are not
/// counted; an `extension` is none and has no access word (swift-format's NoAccessLevelOnExtensionDeclaration).
@Suite("The surface", .enabled(if: Repository.isCheckout, "needs a git checkout"))
struct SurfaceTests {
    /// The most public declarations that `import Descent` may bring (issue 11).
    private static let limit = 1_500

    private static var declaration: Regex<(Substring, Substring)> {
        /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:final|nonisolated|indirect|static|mutating|override|lazy|weak|prefix|postfix)\s+)*(?:public|open)\s+(?!import\b)(.*)$/
    }

    private static func exported() throws -> Set<String> {
        Floors.imports(in: try #require(try Repository.text(of: "Sources/Descent/Descent.swift")))
    }

    /// Each public declaration by its module, as it stands in the source.
    private static func declarations() throws -> [(module: String, text: Substring)] {
        try Repository.files().filter { $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") }.flatMap { path in
            let module = String(path.split(separator: "/")[1])
            return (try Repository.text(of: path) ?? "").split(separator: "\n")
                .filter { $0.contains("public") || $0.contains("open") }
                .compactMap { $0.wholeMatch(of: declaration) == nil ? nil : (module, $0) }
        }
    }

    @Test("import Descent brings at most 1,500 public declarations")
    func theSurfaceIsSmall() throws {
        let exported = try Self.exported()
        #expect(exported.isSuperset(of: ["Arrays", "Autodiff", "Networks", "Training", "Models"]))
        let counts = Dictionary(grouping: try Self.declarations(), by: \.module).mapValues(\.count)
            .filter { exported.contains($0.key) }
        let total = counts.values.reduce(0, +)
        #expect(total > 1_000, "the rule no longer finds them: \(total)")
        #expect(total <= Self.limit, "\(total): \(counts.sorted { $0.value > $1.value })")
        print("public declarations of import Descent: \(total)")
    }

    @Test(
        "The rule counts what it says",
        arguments: [
            ("    public func sum() -> Scalar {", true), ("public struct Tape {", true),
            ("    @inlinable public static var zeroScalar: Self { 0 }", true),
            ("    public private(set) var count: Int", true), ("    static public let one = 1", true),
            ("    public static prefix func - (a: NDArray) -> NDArray", true),
            ("    open func step() {}", true),
            ("    /// A public function.", false), ("    package func step() {}", false),
            ("    let text = \"public func\"", false), ("@_exported public import Arrays", false),
            ("    case openness", false),
        ])
    func theRule(line: String, counts: Bool) {
        #expect((line.wholeMatch(of: Self.declaration) != nil) == counts, "\(line)")
    }

    /// Functions take their name from every file that imports the module, and a type named by a common word hides a program's
    /// own in overloads and completions; as methods and nested types they do not.
    @Test("No name at the top level is one that a program has itself")
    func namesDoNotCollide() throws {
        let common: Set<String> = [
            "predict", "outputs", "norm", "sum", "mean", "train", "fit", "load", "save", "Examples", "Extent",
            "Padding",
            "Size", "Shape", "Point", "Row", "Entry", "Options", "Settings", "Result", "Progress", "Report",
            "Kind",
        ]
        let name =
            /^(?:@\w+\s+)*public\s+(?:final\s+)?(?:struct|class|enum|protocol|actor|typealias|func|let|var)\s+(\w+).*$/
        let names = try Self.declarations().compactMap {
            $0.text.wholeMatch(of: name).map { String($0.output.1) }
        }
        #expect(names.contains("Tape") && names.contains("matmul"))
        #expect(names.filter(common.contains) == [])
    }
}
