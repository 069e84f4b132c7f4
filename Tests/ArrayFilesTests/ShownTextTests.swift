import Arrays
import Support
import TestSupport
import Testing

@testable import ArrayFiles

/// Names from files in messages: on their line, in their direction, not endless.
struct ShownTextTests {
    @Test func longNamesAreCut() {
        let long = String(repeating: "x", count: 5000)
        let text = failure {
            var file = NPZ()
            file.set(NDArray<Float>(shape: [1], repeating: 0), named: "a")
            _ = try file.array(named: long)
        }
        #expect(text.count < 300 && text.contains("xxx...xxx"))
        #expect(shown("a") == "\"a\"")
    }
}
