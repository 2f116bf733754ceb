/** App-wide types of the mini program: the WeChat API. */
/// <reference types="miniprogram-api-typings" />
