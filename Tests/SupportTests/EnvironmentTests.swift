import Foundation
import Testing

@testable import Support

/// The places that variables name. The rules are the XDG Base Directory Specification's (0.8) and, for `HOME` and `TMPDIR`,
/// POSIX.1-2017's (8.3); of empty variables and relative homes each program has its own, and Descent one.
@Suite struct EnvironmentTests {
    @Test(
        arguments: [
            (["HOME": "/h"], "/h"), (["HOME": ""], "/system"), ([:], "/system"), (["HOME": "h"], "/system"),
        ] as [([String: String], String)])
    func home(_ variables: [String: String], _ home: String) {
        let asked = { (name: String) in variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        #expect(Environment.home(asked, system: { "/system" }) == home)
    }

    @Test(
        arguments: [
            (["XDG_CACHE_HOME": "/c"], "/c"), (["XDG_CACHE_HOME": "c"], "/h/.cache"), ([:], "/h/.cache"),
        ] as [([String: String], String)])
    func cache(_ variables: [String: String], _ cache: String) {
        #expect(Environment.cache({ variables[$0] }, home: "/h") == cache)
        #expect(Environment.cache({ _ in nil }, home: nil) == nil)
    }

    @Test(arguments: [("/t", "/t"), ("/t/", "/t"), (nil, "/tmp")] as [(String?, String)])
    func temporaryDirectory(_ variable: String?, _ place: String) {
        #expect(Environment.temporaryDirectory { $0 == "TMPDIR" ? variable : nil } == place)
    }

    /// The oracle is Foundation's own look into the system's list of users.
    @Test func theSystemsUsers() {
        #expect(Environment.folder(of: "root") == NSHomeDirectoryForUser("root"))
        #expect(Environment.folder(of: "nobody-of-this-name") == nil)
        #expect(Environment.folder(of: nil) == NSHomeDirectoryForUser(NSUserName()))
        #expect(Environment["DESCENT_IS_NOT_SET"] == nil)
    }
}
