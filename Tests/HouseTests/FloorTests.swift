import Foundation
import Testing

@Suite("Imports go down only")
struct FloorTests {
    @Test("No target of the package imports upward, sideways or undeclared")
    func theHouseStands() throws {
        let table = try #require(try Repository.text(of: "Documentation/Architecture.md"))
        let package = try PackageDescription.current()
        #expect(package.targets.contains { $0.name == "Arrays" })
        let violations = try Floors(table: table).violations(in: package) { target in
            var modules: Set<String> = []
            for source in target.sources where source.hasSuffix(".swift") {
                let path = "\(target.path)/\(source)"
                modules.formUnion(Floors.imports(in: try #require(try Repository.text(of: path), "\(path)")))
            }
            return modules
        }
        #expect(violations == [])
    }

    /// A house of three targets with one fault each; the rule must name every one of them.
    @Test("The rule finds what breaks it")
    func negativeControl() throws {
        let table = """
            | floor | target | what |
            |---|---|---|
            | 6 | `DescentCommand` (the executable `descent`) | fine |
            | 6 | `Descent` | fine |
            | 2 | `Upper`, `Beside` | |
            | 1 | `Lower` | |
            | 0 | `Gone` | |
            """
        let floors = Floors(table: table)
        #expect(
            floors.floor == [
                "DescentCommand": 6, "Descent": 6, "Upper": 2, "Beside": 2, "Lower": 1, "Gone": 0,
            ])
        let json = """
            {"targets": [
              {"name": "DescentCommand", "c99name": "DescentCommand", "type": "executable", "path": "",
               "sources": [], "target_dependencies": ["Descent"]},
              {"name": "Descent", "c99name": "Descent", "type": "library", "path": "", "sources": [],
               "target_dependencies": ["Upper", "Lower"]},
              {"name": "Upper", "c99name": "Upper", "type": "library", "path": "", "sources": [],
               "target_dependencies": ["Beside", "Lower"]},
              {"name": "Beside", "c99name": "Beside", "type": "library", "path": "", "sources": []},
              {"name": "Lower", "c99name": "Lower", "type": "library", "path": "", "sources": [],
               "target_dependencies": ["Upper"]},
              {"name": "Extra", "c99name": "Extra", "type": "system-target", "path": "", "sources": []},
              {"name": "LowerTests", "c99name": "LowerTests", "type": "test", "path": "", "sources": [],
               "target_dependencies": ["Upper"]}
            ]}
            """
        let package = try JSONDecoder().decode(PackageDescription.self, from: Data(json.utf8))
        let violations = floors.violations(in: package) {
            $0.name == "Beside" ? ["Lower", "Foundation", "Beside"] : []
        }
        #expect(
            violations == [
                "Beside imports Lower undeclared", "Extra has no floor", "Gone has a floor and is no target",
                "Lower (floor 1) imports upward: Upper (floor 2)", "Upper imports sideways: Beside (floor 2)",
            ])
    }

    @Test("Every form of import is seen")
    func importForms() {
        let source = """
            import A
              @testable import B
            @_exported public import C
            @_spi(Inner) import struct D.Value
            internal import E.Part
            // import F
            let text = "import G"
            """
        #expect(Floors.imports(in: source) == ["A", "B", "C", "D", "E"])
    }
}
