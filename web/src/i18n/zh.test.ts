import { zh } from './zh.ts'

describe('a Chinese text with a name', () => {
  it('has spaces beside a name in another script', () => {
    expect(zh`不看${'Jun Park'}的动态`).toBe('不看 Jun Park 的动态')
    expect(zh`${'نور'}的动态和${'Mei'}`).toBe('نور 的动态和 Mei')
  })

  it('has none beside a Chinese name, nor beside signs', () => {
    expect(zh`不看${'林小梅'}的动态`).toBe('不看林小梅的动态')
    expect(zh`拉黑${'Jun'}？`).toBe('拉黑 Jun？')
    expect(zh`删除“${'a.jpg'}”？`).toBe('删除“a.jpg”？')
    expect(zh`${'Sunny 李'}的动态`).toBe('Sunny 李的动态')
  })

  it('leaves a name as its user writes it', () => {
    expect(zh`拉黑${'小李Sunny'}`).toBe('拉黑小李Sunny')
  })
})
