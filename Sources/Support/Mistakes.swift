// A caller's mistake (shapes that do not fit, a place outside an array) ends the program, as a precondition does.
// Swift's own `precondition` loses its words in release builds, and the words are what helps: so these say them
// always.

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
