/// The check that a page of another site makes no requests in a visitor's name.
///
/// A server that listens on this machine alone answers to its own names only, so that a name of an attacker's that is made to
/// point here (DNS rebinding) is refused; and a request that says which page it comes from must come from the same host.
enum RequestOrigin {
    static func check(origin: String?, authority: String?, isLoopback: Bool) throws(ServingError) {
        let host = authority.map(name(of:)) ?? ""
        if isLoopback, !["localhost", "127.0.0.1", "[::1]", ""].contains(host) {
            throw ServingError(403, "this server answers to localhost only, not to '\(host)'")
        }
        guard let origin, origin != "null" else {
            if origin == "null" {
                throw ServingError(403, "a request from a page without an origin")
            }
            return
        }
        let parts = origin.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count == 2, let authority, parts[1].lowercased() == authority.lowercased() else {
            throw ServingError(403, "a request from a page of another site")
        }
    }

    private static func name(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return authority.split(separator: ":").first.map { $0.lowercased() } ?? ""
    }
}
