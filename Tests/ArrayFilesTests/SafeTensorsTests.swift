import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ArrayFiles

struct SafeTensorsTests {
    /// A file from a header and data, put together by hand as the format's description says.
    private func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
        let length = length ?? UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + Array(header.utf8) + data
    }

    private func read(_ bytes: [UInt8]) throws -> SafeTensors {
        try SafeTensors(ByteSource(bytes: bytes, name: "m"))
    }

    @Test func readsAFileMadeByHand() throws {
        // 1.0 is 3F800000, -2.5 is C0200000 (IEEE 754, worked by hand).
        let tensors = try read(
            file(
                #" { "b" : {"shape":[2,1],"dtype":"F32","data_offsets":[3,11]}, "__metadata__":{"k\u00e9\n":"\ud83d\ude00"},"#
                    + #""a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
                    + #""z":{"dtype":"I64","shape":[4,0],"data_offsets":[11,11]},"#
                    + #""s":{"dtype":"BOOL","shape":[],"data_offsets":[11,12]}}   "#,
                [7, 8, 9, 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 2]))
        #expect(tensors.names == ["a", "b", "s", "z"])
        #expect(tensors.metadata == ["ké\n": "😀"])
        let a = try tensors.array(named: "a", as: UInt8.self)
        #expect(a.shape == [3] && a.elements == [7, 8, 9])
        let b = try tensors.array(named: "b", as: Float.self)
        #expect(b.shape == [2, 1] && b.elements == [1, -2.5])
        let z = try tensors.array(named: "z", as: Int.self)
        #expect(z.shape == [4, 0] && z.elements == [])
        let s = try tensors.array(named: "s", as: Bool.self)
        #expect(s.shape == [] && s.elements == [true])
    }

    @Test func writesTheBytesOfTheFormat() throws {
        var tensors = SafeTensors()
        tensors.metadata = ["b": "2", "a": "\"1\"\n"]
        tensors.set(NDArray<UInt8>(shape: [3], elements: [7, 8, 9]), named: "a")
        tensors.set(NDArray<Float>(shape: [2, 1], elements: [1, -2.5]), named: "c")
        tensors.set(NDArray<Int>(shape: [], elements: [-1]), named: "b")
        let header =
            #"{"__metadata__":{"a":"\"1\"\u000a","b":"2"},"a":{"dtype":"U8","shape":[3],"data_offsets":[16,19]},"#
            + #""b":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"c":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]}}"#
        let padded = header + String(repeating: " ", count: -header.utf8.count & 7)
        let expected =
            file(padded) + [UInt8](repeating: 255, count: 8) + [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 7, 8, 9]
        try withTemporaryDirectory { directory in
            let path = directory + "/m.safetensors"
            try tensors.write(to: path)
            #expect(contents(path) == expected)
            let again = try SafeTensors(contentsOf: path)
            #expect(again.metadata == tensors.metadata && again.names == ["a", "b", "c"])
            #expect(try again.array(named: "b", as: Int.self).elements == [-1])
            try again.write(to: directory + "/again")
            #expect(contents(directory + "/again") == expected)
        }
    }

    @Test func everyTypeComesBack() throws {
        try withTemporaryDirectory { directory in
            var tensors = SafeTensors()
            tensors.set(NDArray<Float>(shape: [2], elements: [.infinity, -0.0]), named: "f32")
            tensors.set(NDArray<Double>(shape: [2], elements: [.pi, .leastNonzeroMagnitude]), named: "f64")
            tensors.set(NDArray<Int32>(shape: [2], elements: [.min, .max]), named: "i32")
            tensors.set(NDArray<Int>(shape: [2], elements: [.min, .max]), named: "i64")
            tensors.set(NDArray<UInt8>(shape: [2], elements: [0, 255]), named: "u8")
            tensors.set(NDArray<Bool>(shape: [2], elements: [true, false]), named: "bool")
            tensors.set(NDArray<Float>(shape: [0, 3], elements: []), named: "ß\"\\")
            try tensors.write(to: directory + "/m")
            let again = try SafeTensors(contentsOf: directory + "/m")
            #expect(try again.array(named: "f32", as: Float.self).elements == [.infinity, -0.0])
            #expect(try again.array(named: "f32", as: Float.self).elements[1].sign == .minus)
            #expect(try again.array(named: "f64", as: Double.self).elements == [.pi, .leastNonzeroMagnitude])
            #expect(try again.array(named: "i32", as: Int32.self).elements == [.min, .max])
            #expect(try again.array(named: "i64", as: Int.self).elements == [.min, .max])
            #expect(try again.array(named: "u8", as: UInt8.self).elements == [0, 255])
            #expect(try again.array(named: "bool", as: Bool.self).elements == [true, false])
            #expect(try again.array(named: "ß\"\\", as: Float.self).shape == [0, 3])
            try SafeTensors().write(to: directory + "/none")
            #expect(try SafeTensors(contentsOf: directory + "/none").names == [])
        }
    }

    @Test func askingForTheWrongArray() throws {
        let tensors = try read(file(#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, [1, 2, 3]))
        #expect(
            failure { _ = try tensors.array(named: "b", as: UInt8.self) }
                == "badData: m: there is no array \"b\" (got a)")
        #expect(
            failure { _ = try tensors.array(named: "a", as: Float.self) }
                == "badData: m: array \"a\" has another type (expected float32, got uint8)")
    }

    // MARK: Bad files

    @Test func badLengths() {
        #expect(
            failure { _ = try read([1, 2]) }
                == "badData: m, byte 0: not a safetensors file (expected at least 8 bytes, got 2)")
        #expect(
            failure { _ = try read(file("{}", length: 3)) }
                == "badData: m, byte 0: the header is longer than the file (expected at most 2 bytes, got 3); "
                + "is it a safetensors file?")
        #expect(failure { _ = try read(file("{}", length: .max)) }.contains("got 18446744073709551615"))
    }

    /// Header, data, and the error that it must give.
    static let bad: [(String, [UInt8], String)] = [
        ("", [], "byte 8: safetensors header: not JSON (expected {, got the end of the header)"),
        ("[]", [], "byte 8: safetensors header: not JSON (expected {, got [)"),
        ("{} x", [], "byte 11: safetensors header: something follows the header's object"),
        (#"{"a":1}"#, [], "byte 13: safetensors header: not JSON (expected {, got 1)"),
        (#"{"a"}"#, [], "byte 12: safetensors header: not JSON (expected :, got })"),
        (#"{"a"#, [], "byte 10: safetensors header: not JSON: a string without an end"),
        (#"{"\q":1}"#, [], "byte 11: safetensors header: not JSON: an unknown escape"),
        (#"{"\ud800":1}"#, [], "byte 12: safetensors header: half a surrogate pair"),
        (
            #"{"a":{"dtype":"U8","shape":[1]}}"#, [1],
            "byte 9: safetensors header: array \"a\" has no data_offsets"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}"#, [1],
            "byte 60: safetensors header: an unknown key \"x\" (expected dtype, shape, data_offsets)"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, [1],
            "byte 54: safetensors header: data_offsets (expected 2 numbers, got 1)"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, [1],
            "byte 36: safetensors header: not JSON (expected a number, got -)"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}"#, [1],
            "byte 36: safetensors header: a number that is too large"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
            [1], "byte 61: safetensors header: the name \"a\" comes twice"
        ),
        (
            #"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [1],
            "byte 27: safetensors header: the name \"dtype\" comes twice"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}"#, [],
            "byte 9: array \"a\" has an impossible shape (got [4294967296, 4294967296, 0])"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}"#, [1],
            "byte 9: array \"a\" lies outside the file (expected offsets within 1 bytes, got 0 to 4000000000); "
                + "the file may be truncated"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, [1, 2],
            "byte 9: array \"a\" lies outside the file (expected offsets within 2 bytes, got 1 to 0); "
                + "the file may be truncated"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,2]}}"#, [1, 2],
            "byte 9: array \"a\" has another size than its shape (expected 4 bytes, got 2)"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
            [1, 2, 3], "byte 61: array \"b\" overlaps another (expected offset 2, got 1)"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, [1, 2, 3],
            "byte 9: array \"a\" leaves a gap before it (expected offset 0, got 1)"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [1, 2],
            "byte 62: bytes that belong to no array (expected 62 bytes, got 63)"
        ),
    ]

    @Test(arguments: bad.indices) func badHeader(_ index: Int) {
        let (header, data, expected) = Self.bad[index]
        #expect(failure { _ = try read(file(header, data)) } == "badData: m, " + expected)
    }

    @Test func aStringThatIsNotUTF8() {
        var bytes = file(#"{"ab":1}"#)
        bytes[10] = 0xFF
        #expect(
            failure { _ = try read(bytes) }
                == "badData: m, byte 10: safetensors header: a string that is not UTF-8")
    }

    @Test func noMutationGetsPastTheReader() throws {
        try withTemporaryDirectory { directory in
            var tensors = SafeTensors()
            tensors.metadata = ["key": "vålue", "é": "\n"]
            tensors.set(NDArray<Float>(shape: [2, 3], repeating: 1.5), named: "weight")
            tensors.set(NDArray<Int>(shape: [2], elements: [1, 2]), named: "step")
            tensors.set(NDArray<Bool>(shape: [3, 1], repeating: true), named: "mask")
            try tensors.write(to: directory + "/m")
            let bytes = try #require(contents(directory + "/m"))
            let result = fuzz([bytes], seed: 12) {
                let file = try read($0)
                for name in file.names { _ = try file.array(named: name) }
            }
            #expect(result.other == nil)
            #expect(result.accepted > 0 && result.refused > result.accepted)
        }
    }
}
