import Arrays
import Testing

/// The memory of arrays, which waits for the next of their size.
@Suite struct ActivationMemoryTests {
    /// A step of training wants as much memory as the one before, also where that is more than always waits (128 MB).
    @Test func allOfAStepIsUsedAgain() {
        /// As many arrays of 32 MB as a step has, and how many of them have been used before: fresh memory is zero.
        func step() -> Int {
            var used = 0
            var kept: [NDArray<Float>] = []
            for _ in 0..<12 {
                kept.append(
                    NDArray(shape: [1 << 23]) { memory in
                        // Memory of any origin may be read as floats.
                        if memory[1 << 22] == 7 { used += 1 }
                        memory[1 << 22] = 7
                    })
            }
            return used
        }
        _ = step()
        // Other tests take memory too, at the same time.
        let most = (0..<5).map { _ in step() }.max() ?? 0
        #expect(most >= 10)
    }
}
