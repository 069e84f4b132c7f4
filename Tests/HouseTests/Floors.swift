import Foundation

/// What `swift package describe --type json` says, as far as the floors need it.
struct PackageDescription: Decodable {
    struct Target: Decodable {
        let name: String
        let c99name: String
        let type: String
        let path: String
        let sources: [String]
        let targetDependencies: [String]?

        enum CodingKeys: String, CodingKey {
            case name, c99name, type, path, sources
            case targetDependencies = "target_dependencies"
        }

        /// Tests, what they share, and plugins stand outside the house: they may look at every floor.
        var isInTheHouse: Bool {
            ["library", "executable", "system-target"].contains(type) && !path.hasPrefix("Tests/")
        }
    }

    let targets: [Target]

    /// The description of the package in the repository's root. `swift test` holds the lock of the build
    /// directory while this runs, so the description is made in another one.
    static func current() throws -> PackageDescription {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let described = try Repository.run(
            "swift", "package", "--scratch-path", scratch.path, "describe", "--type", "json")
        guard described.status == 0 else { throw HouseError(text: described.errors) }
        return try JSONDecoder().decode(PackageDescription.self, from: Data(described.output.utf8))
    }
}

struct HouseError: Error { let text: String }

/// The floors of the house, and the rule that imports go down only.
struct Floors {
    /// The floor of each target.
    let floor: [String: Int]

    /// The pairs that stand on one floor and may see each other nevertheless: the executable is the umbrella's
    /// other face, and the layer over oneDNN hands its parts to the pool.
    static let neighbours: Set<String> = [
        "DescentCommand > Descent", "COneDNN > CKernels", "CKernels > CHighway", "CInference > CKernels",
        "CGraph > CKernels",
        "CInference > COneDNN", "CImageFiles > CPNG", "CImageFiles > CJPEG", "CImageFiles > CWebP",
    ]

    /// Reads the rows `| floor | names | ... |` of Documentation/Architecture.md: in the second column, each
    /// name in backticks outside of parentheses is a target.
    init(table: String) {
        var floor: [String: Int] = [:]
        for line in table.split(separator: "\n") where line.hasPrefix("|") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            guard cells.count > 3, let number = Int(cells[1].trimmingCharacters(in: .whitespaces)) else {
                continue
            }
            let names = cells[2].replacing(/\([^)]*\)/, with: "")
            for name in names.matches(of: /`([A-Za-z0-9]+)`/) { floor[String(name.output.1)] = number }
        }
        self.floor = floor
    }

    /// Each break of the rule, in words: a target that has no floor, a floor whose target is gone, a dependency
    /// that does not go down, an import that the package does not declare. `imports` gives a target's imported
    /// modules.
    func violations(
        in package: PackageDescription, imports: (PackageDescription.Target) throws -> Set<String>
    ) rethrows -> [String] {
        let targets = package.targets.filter(\.isInTheHouse)
        let nameOfModule = Dictionary(
            targets.map { ($0.c99name, $0.name) }, uniquingKeysWith: { first, _ in first })
        var found: [String] = []
        for name in floor.keys where !targets.contains(where: { $0.name == name }) {
            found.append("\(name) has a floor and is no target")
        }
        for target in targets {
            guard let own = floor[target.name] else {
                found.append("\(target.name) has no floor")
                continue
            }
            let declared = Set(target.targetDependencies ?? [])
            for dependency in declared {
                guard targets.contains(where: { $0.name == dependency }) else {
                    found.append("\(target.name) needs \(dependency), which stands outside")
                    continue
                }
                guard let other = floor[dependency] else { continue }  // said above
                if other > own {
                    found.append(
                        "\(target.name) (floor \(own)) imports upward: \(dependency) (floor \(other))")
                } else if other == own, !Self.neighbours.contains("\(target.name) > \(dependency)") {
                    found.append("\(target.name) imports sideways: \(dependency) (floor \(other))")
                }
            }
            for module in try imports(target) {
                guard let name = nameOfModule[module], name != target.name else { continue }
                if !declared.contains(name) { found.append("\(target.name) imports \(name) undeclared") }
            }
        }
        return found.sorted()
    }

    /// The modules that a Swift file imports, whatever stands before or after the word.
    static func imports(in source: String) -> Set<String> {
        let statement =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+|(?:public|package|internal|fileprivate|private)\s+)*import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)\s+)?(\w+)/
            .anchorsMatchLineEndings()
        return Set(source.matches(of: statement).map { String($0.output.1) })
    }
}
