// A caller's mistake (shapes that do not fit, an index out of range) ends the program, as a precondition does. Swift's
// own `precondition` loses its message in release builds; these functions always print it.

/// Ends the program with `message` unless `condition` holds.
@usableFromInline @inline(__always)
package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if _slowPath(!condition) { mistake(message()) }
}

/// Ends the program with `message`.
@usableFromInline @inline(never)
package func mistake(_ message: String) -> Never {
    fatalError(message)
}
