import Foundation
import Reports
import Support
import Testing

/// Pages to be looked at: `DESCENT_GALLERY=DIR` writes them.
@Suite struct PageGalleryTests {
    @Test(.enabled(if: Environment["DESCENT_GALLERY"] != nil, "DESCENT_GALLERY names a folder"))
    func pages() throws {
        let folder = try #require(Environment["DESCENT_GALLERY"])
        func write(_ page: EvaluationPage, _ name: String) throws {
            try page.html().write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
        }
        try write(SampleReports.whole(SampleReports.animals), "animals-en")
        try write(
            SampleReports.whole(["고양이", "강아지", "말", "양", "소", "염소", "닭", "오리", "거위", "돼지"], language: .ko),
            "animals-ko")
        try write(SampleReports.whole((0..<10).map(String.init), language: .ko), "digits-ko")
        try write(SampleReports.whole((0..<40).map { "species number \($0)" }), "forty-en")
        try write(SampleReports.whole(SampleReports.strangeNames), "strange-en")
        try write(SampleReports.whole(["ham", "spam"]), "two-en")
        var page = try SampleReports.regression().page
        try write(page, "houses-en")
        page = EvaluationPage(
            page.report, language: .ko, predicted: page.predicted, residuals: page.residuals)
        try write(page, "houses-ko")
        for (name, names) in [
            ("two", ["ham", "spam"]), ("ten", SampleReports.animals),
            ("forty", (0..<40).map { "species number \($0)" }),
        ] {
            try EvaluationText(SampleReports.classifier(names)).text.write(
                toFile: "\(folder)/\(name).txt", atomically: true, encoding: .utf8)
        }
    }
}
