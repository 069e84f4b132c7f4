import Support

/// The languages that the notebook speaks.
package typealias Language = Support.Language
/// The same in both languages.
package typealias Words = Support.Words
