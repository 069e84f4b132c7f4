import CKernels

/// Puts the lists of texts that parts of a column have together into one.
enum TextMerging {
    /// Up to so many texts are sorted; a column with more is no feature, and keeps them as they came.
    private static let sortedCount = 1 << 16

    /// The column, its texts sorted by their UTF-8, whatever the parts were.
    static func merged(
        _ codes: ColumnBuffer<Int32>, lists: [ck_texts], firstRows: [Int],
        text: UnsafeBufferPointer<UInt8>
    ) -> ColumnValues {
        var numbers: [String: Int32] = [:]
        var texts: [String] = []
        var maps: [[Int32]] = []
        for list in lists {
            maps.append(
                (0..<Int(list.count)).map { index in
                    let field = UnsafeBufferPointer(
                        rebasing: text[list.places[index]..<list.places[index] + Int(list.lengths[index])])
                    let string = string(field)
                    if let number = numbers[string] { return number }
                    numbers[string] = Int32(texts.count)
                    texts.append(string)
                    return Int32(texts.count - 1)
                })
        }
        var places = texts.indices.map { Int32($0) }
        if texts.count <= sortedCount {
            let order = texts.indices.sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }
            for (place, index) in order.enumerated() { places[index] = Int32(place) }
            texts = order.map { texts[$0] }
        }
        for part in lists.indices {
            let end = part + 1 < firstRows.count ? firstRows[part + 1] : codes.count
            let map = maps[part]
            for row in firstRows[part]..<end where codes.base[row] >= 0 {
                codes.base[row] = places[Int(map[Int(codes.base[row])])]
            }
        }
        return .texts(codes, texts)
    }

    /// A field's bytes as text; a doubled quote, which only a quoted field has, is one.
    private static func string(_ field: UnsafeBufferPointer<UInt8>) -> String {
        guard field.contains(UInt8(ascii: "\"")) else { return String(decoding: field, as: UTF8.self) }
        var bytes: [UInt8] = []
        var place = 0
        while place < field.count {
            bytes.append(field[place])
            place += field[place] == UInt8(ascii: "\"") ? 2 : 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
