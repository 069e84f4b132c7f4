import Descent
import Foundation
import ImageFolders
import Serving
import Testing

@testable import Pages

@Suite("The folder of examples") struct ExampleFolderTests {
    /// A folder that goes with its test.
    private final class Place {
        let path = NSTemporaryDirectory() + "examples-\(UUID().uuidString)"
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func picture(_ number: Int) -> NDArray<UInt8> {
        NDArray(shape: [28, 28], elements: (0..<784).map { UInt8(($0 * 7 + number * 31) % 256) })
    }

    @Test("It is an image folder, and keeps a picture once")
    func grows() throws {
        let place = Place()
        let folder = try ExampleFolder(place.path)
        for number in 0..<6 {
            let saved = try folder.save(Self.picture(number), as: number % 2 == 0 ? "cat" : "고양이")
            #expect(saved.isNew && saved.count == number / 2 + 1)
        }
        let again = try folder.save(Self.picture(0), as: "cat")
        #expect(!again.isNew && again.count == 3)
        let found = try ImageFolder(place.path)
        #expect(found.classNames == ["cat", "고양이"] && found.files.count == 6)
    }

    @Test(
        "Names that could be another place are refused",
        arguments: [
            "", " ", ".", "..", "../out", "/etc", "a/b", "a\\b", ".hidden", "a\0b", "a\nb", "train", "Test",
            "validation", "~root/x", String(repeating: "x", count: 65),
        ])
    func names(label: String) {
        #expect(throws: ServingError.self) { try ExampleFolder.name(of: label) }
    }

    @Test(
        "Ordinary names stay as they are",
        arguments: ["7", "cat", "고양이", "été", "no-entry_2", "C++", "St. Bernard"])
    func ordinary(label: String) throws {
        #expect(try ExampleFolder.name(of: " \(label) ") == label)
    }

    @Test("A link to elsewhere is not followed, and a full folder takes nothing")
    func bounds() throws {
        let (place, outside) = (Place(), Place())
        let folder = try ExampleFolder(place.path, mostPictures: 2, mostLabels: 1)
        try FileManager.default.createDirectory(atPath: outside.path, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: place.path + "/link", withDestinationPath: outside.path)
        #expect(throws: ServingError.self) { try folder.save(Self.picture(0), as: "link") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path).isEmpty)
        _ = try folder.save(Self.picture(0), as: "a")
        #expect(throws: ServingError.self) { try folder.save(Self.picture(1), as: "b") }
        _ = try folder.save(Self.picture(1), as: "a")
        #expect(throws: ServingError.self) { try folder.save(Self.picture(2), as: "a") }
        // Those of an earlier time count too.
        let later = try ExampleFolder(place.path, mostPictures: 2)
        #expect(throws: ServingError.self) { try later.save(Self.picture(2), as: "a") }
    }
}
