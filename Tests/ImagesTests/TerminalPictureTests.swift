import Arrays
import Testing

@testable import Images

@Suite struct TerminalPictureTests {
    /// 3 rows, 2 columns; the ramp's steps are 25.6 wide: 0 is ' ', 128 is '+', 255 is '@', 77 is '-'.
    private let image = NDArray<UInt8>(shape: [3, 2], elements: [0, 255, 128, 0, 255, 77])

    @Test func shadesTakeTwoColumnsAPixel() {
        #expect(TerminalPicture.text(of: image, style: .shades) == "  @@\n++\n@@--\n")
    }

    @Test func invertedShades() {
        #expect(TerminalPicture.text(of: image, style: .shades, isInverted: true) == "@@\n==@@\n  **\n")
    }

    @Test func compactShadesTakeTwoRowsALine() {
        // Means (0 + 128) / 2 = 64, (255 + 0) / 2 = 128; the last line is half over nothing: 128 and 39.
        #expect(TerminalPicture.text(of: image, style: .compactShades) == ":+\n+.\n")
    }

    @Test func trueColorHalfBlocks() {
        let escape = "\u{1B}["
        #expect(
            TerminalPicture.text(of: image, style: .trueColor)
                == "\(escape)38;2;0;0;0;48;2;128;128;128m\u{2580}\(escape)38;2;255;255;255;48;2;0;0;0m\u{2580}\(escape)0m\n"
                + "\(escape)38;2;255;255;255;49m\u{2580}\(escape)38;2;77;77;77m\u{2580}\(escape)0m\n")
    }

    @Test func colorsAreNamedOnlyWhenTheyChange() {
        let flat = NDArray<UInt8>(shape: [2, 4], repeating: 0)
        #expect(
            TerminalPicture.text(of: flat, style: .colors256)
                == "\u{1B}[38;5;16;48;5;16m\u{2580}\u{2580}\u{2580}\u{2580}\u{1B}[0m\n")
    }

    @Test func xtermColors() {
        // The cube's corners and the grey ramp, from xterm's 256colres.h levels.
        #expect(TerminalPicture.xtermColor(nearest: RGBA(0, 0, 0)) == 16)
        #expect(TerminalPicture.xtermColor(nearest: RGBA(255, 255, 255)) == 231)
        #expect(TerminalPicture.xtermColor(nearest: RGBA(255, 0, 0)) == 196)
        #expect(TerminalPicture.xtermColor(nearest: RGBA(0, 95, 135)) == 24)
        #expect(TerminalPicture.xtermColor(nearest: RGBA(8, 8, 8)) == 232)
        #expect(TerminalPicture.xtermColor(nearest: RGBA(238, 238, 238)) == 255)
        #expect(TerminalPicture.xtermColor(nearest: RGBA(128, 128, 128)) == 244)
    }

    @Test func everyXtermColorIsTheNearest() {
        // Against a search of all 240 colours, on a coarse lattice.
        var table: [(Int, Int, Int)] = []
        let levels = [0, 95, 135, 175, 215, 255]
        for r in levels { for g in levels { for b in levels { table.append((r, g, b)) } } }
        for gray in 0..<24 { table.append((8 + 10 * gray, 8 + 10 * gray, 8 + 10 * gray)) }
        func distance(_ entry: (Int, Int, Int), _ color: RGBA) -> Int {
            let (r, g, b) = (entry.0 - Int(color.red), entry.1 - Int(color.green), entry.2 - Int(color.blue))
            return r * r + g * g + b * b
        }
        for r in stride(from: 0, through: 255, by: 17) {
            for g in stride(from: 0, through: 255, by: 17) {
                for b in stride(from: 0, through: 255, by: 17) {
                    let color = RGBA(UInt8(r), UInt8(g), UInt8(b))
                    let best = table.map { distance($0, color) }.min() ?? 0
                    let got = distance(table[TerminalPicture.xtermColor(nearest: color) - 16], color)
                    #expect(got == best, "\(color)")
                }
            }
        }
    }

    @Test func wideColorPicturesShrink() {
        // 4 x 4 at no more than two columns: 2 x 2 means; red on the left, blue on the right, black below.
        let red: [UInt8] = [200, 0, 0]
        let blue: [UInt8] = [0, 0, 100]
        let rows = [red + red + blue + blue, red + red + blue + blue]
        let black = [[UInt8]](repeating: [UInt8](repeating: 0, count: 12), count: 2)
        let image = NDArray<UInt8>(shape: [4, 4, 3], elements: (rows + black).flatMap { $0 })
        #expect(
            TerminalPicture.text(of: image, style: .trueColor, maximumColumns: 2)
                == "\u{1B}[38;2;200;0;0;48;2;0;0;0m\u{2580}\u{1B}[38;2;0;0;100m\u{2580}\u{1B}[0m\n")
    }

    @Test func shrinkingAveragesCutSquaresToo() {
        let image = NDArray<UInt8>(shape: [1, 3], elements: [0, 255, 77])
        #expect(TerminalPicture.text(of: image, style: .shades, maximumColumns: 4) == "++--\n")
    }

    @Test func noPixelsNoText() {
        #expect(TerminalPicture.text(of: NDArray(shape: [0, 5], repeating: 0), style: .trueColor) == "")
    }

    @Test func styleFollowsTheEnvironment() {
        func style(_ environment: [String: String], isTerminal: Bool = true) -> TerminalStyle {
            TerminalStyle.suited(to: environment, isTerminal: isTerminal)
        }
        #expect(style(["TERM": "xterm-256color"]) == .colors256)
        #expect(style(["TERM": "xterm-256color", "COLORTERM": "truecolor"]) == .trueColor)
        #expect(style(["TERM": "xterm-256color", "NO_COLOR": "1"]) == .shades)
        #expect(style(["TERM": "xterm-256color", "NO_COLOR": ""]) == .colors256)
        #expect(style(["TERM": "xterm-256color", "COLORTERM": "24bit"], isTerminal: false) == .shades)
        #expect(style(["TERM": "dumb", "COLORTERM": "truecolor"]) == .shades)
        #expect(style([:]) == .shades)
        #expect(style(["TERM": "linux"]) == .shades)
    }
}
