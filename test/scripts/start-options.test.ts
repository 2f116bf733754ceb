import { describe, expect, test } from '@jest/globals'
import { parseStartOptions } from '../../scripts/start/options'

describe('parseStartOptions', () => {
  test('has the documented defaults', () => {
    expect(parseStartOptions([])).toEqual({
      previewPort: 8080,
      serverPort: 3000,
      cloudPort: 9000,
      controlPort: 9001,
      data: '.data',
      lan: false,
      help: false,
    })
  })

  test('takes both spellings of a value', () => {
    const args = ['--preview-port=8081', '--server-port', '65535', '--cloud-port', '0']
    const more = ['--control-port', '9', '--data', 'some where']
    expect(parseStartOptions([...args, ...more])).toMatchObject({
      previewPort: 8081,
      serverPort: 65535,
      cloudPort: 0,
      controlPort: 9,
      data: 'some where',
    })
  })

  test.each([
    [['--lan'], { lan: true }],
    [['--lan-address', '192.168.1.5'], { lan: '192.168.1.5' }],
    [['--lan', '--lan-address=192.168.1.5'], { lan: '192.168.1.5' }],
    [['--lan', '--data', 'd'], { lan: true, data: 'd' }],
  ])('listens on the LAN with %j', (args, options) => {
    expect(parseStartOptions(args)).toMatchObject(options)
  })

  test.each([
    [['--lan', '10.0.0.1'], "'10.0.0.1'"],
    [['--lan=10.0.0.1'], "'--lan'"],
    [['--lan-address'], "'--lan-address <value>'"],
    [['--port', '1'], "'--port'"],
    [['--no-help'], "'--no-help'"],
    [['-p', '1'], "'-p'"],
    [['8080'], "'8080'"],
    [['--preview-port', 'http'], '--preview-port wants a port from 0 to 65535, not http'],
    [['--server-port', '65536'], '--server-port wants a port from 0 to 65535, not 65536'],
    [['--cloud-port=-1'], '--cloud-port wants a port from 0 to 65535, not -1'],
    [['--cloud-port', '1.5'], '--cloud-port wants a port from 0 to 65535, not 1.5'],
    [['--cloud-port', '0x10'], '--cloud-port wants a port from 0 to 65535, not 0x10'],
    [['--cloud-port', ''], '--cloud-port wants a port from 0 to 65535, not nothing'],
    [['--cloud-port'], "'--cloud-port <value>'"],
    [['--data'], "'--data <value>'"],
    [['--data', '--help'], "'--data'"],
    [['--help=yes'], "'--help'"],
  ])('refuses %j by name', (args, name) => {
    expect(() => parseStartOptions(args)).toThrow(name)
  })
})
